import type { Dependencies } from "../ports/dependencies.ts";
import type { TellBrought } from "./createBringing.ts";
import { bringingNote } from "./bringingNote.ts";

/**
 * Reports what an import brought that an earlier process could not report. If that fails now, the next start does it.
 *
 * The code comes only where there is something to tell.
 */
export async function tellUntold({ host, journal }: Pick<Dependencies, "host" | "journal">, tell: TellBrought): Promise<void> {
  if (!(await bringingNote.read(journal))) return;
  const { tellInterrupted } = await import("./createBringing.ts");
  await tellInterrupted({ host, journal }, tell, {});
}
