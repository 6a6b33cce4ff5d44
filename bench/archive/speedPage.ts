// The script of a page: validates archives in a browser.
import { validateArchive } from "@xmtp-backup/archive";
import { browserPrimitives } from "../../packages/browser/src/host/browserPrimitives.ts";
import { benchKey } from "./benchKey.ts";
import { bestSpeed } from "./bestSpeed.ts";

/** Megabytes a second. */
export async function validationSpeed(path: string, rounds: number): Promise<number> {
  const archive = await (await fetch(path)).blob();
  return bestSpeed(archive.size, rounds, () => validateArchive(archive, benchKey, { primitives: browserPrimitives }));
}
