import type { Dependencies } from "../ports/dependencies.ts";

/** What every machine is run with: the clock, and who inspects it. */
export function actorOptions({ clock, inspect }: Pick<Dependencies, "clock" | "inspect">) {
  return { clock, ...(inspect && { inspect }) };
}
