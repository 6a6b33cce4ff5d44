import { access, constants } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { systemCode } from "./systemCode.ts";

/** The pauses between the tries, in milliseconds: about a second in all. */
const pausesMs = [10, 20, 40, 80, 160, 320, 400];

/** What a system answers while another program has a file open: Windows all three, network drives the first two as well. */
const heldCodes: ReadonlySet<string | undefined> = new Set(["EPERM", "EACCES", "EBUSY"]);

/**
 * Renames or deletes a file that an antivirus, an indexer or a sync program may have open for an instant: tries for about a second.
 *
 * Where the folder may not be written, the system's answer stands at once, since time does not help.
 *
 * @throws an error with the code `EBUSY` when the file is held for longer
 */
export async function whileHeld<T>(path: string, run: () => Promise<T>, wait: (delayMs: number) => Promise<unknown> = pause): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await run();
    } catch (error) {
      if (!heldCodes.has(systemCode(error)) || !(await mayWriteIn(dirname(path)))) throw error;
      const pauseMs = pausesMs[tries];
      if (pauseMs === undefined) throw Object.assign(new Error("Another program holds the file.", { cause: error }), { code: "EBUSY" });
      await wait(pauseMs);
    }
  }
}

function mayWriteIn(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}
