import { openAsBlob } from "node:fs";
import { readdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { BackupError, deviceFull, isBackupError, isDeviceFull, type KeptArchives } from "@xmtp-backup/core";
import { copyToFile } from "../files/copyToFile.ts";
import { assertOwnPath, privateFolder } from "../files/privateFolder.ts";
import { isMissing } from "../files/systemCode.ts";
import { whileHeld } from "../files/whileHeld.ts";
import { writeFileDurably } from "../files/writeFileDurably.ts";

const ending = ".kept";
const keptName = /^([a-z0-9-]+)\.kept$/;

/** Keeps encrypted archives in a folder, each as a file that its owner alone can read. */
export function keptFiles(directory: string): KeptArchives {
  async function guarded<T>(shortMessage: string, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    try {
      return await run();
    } catch (error) {
      signal?.throwIfAborted();
      if (isBackupError(error)) throw error;
      throw isDeviceFull(error) ? deviceFull(shortMessage, error) : new BackupError("HOST_FAILED", shortMessage, { cause: error });
    }
  }

  function pathOf(name: string): string {
    if (keptName.test(name + ending)) return join(directory, name + ending);
    throw new BackupError("HOST_FAILED", "The name of a kept archive has lower-case letters, digits and dashes only.");
  }

  return {
    put: (name, archive, { signal, onProgress } = {}) =>
      guarded("An archive can't be kept.", signal, async () => {
        const path = pathOf(name);
        await privateFolder(directory);
        await writeFileDurably(path, async (file) => {
          await copyToFile(archive.stream(), file, { signal, onProgress });
          signal?.throwIfAborted();
        });
      }),

    get: (name, { signal } = {}) =>
      guarded("A kept archive can't be read.", signal, async () => {
        const path = pathOf(name);
        await assertOwnPath(path);
        return (await sizeOf(path)) === undefined ? undefined : openAsBlob(path);
      }),

    remove: (name, { signal } = {}) =>
      guarded("A kept archive can't be removed.", signal, async () => {
        const path = pathOf(name);
        await whileHeld(path, () => unlink(path)).catch((error: unknown) => {
          if (!isMissing(error)) throw error;
        });
      }),

    list: ({ signal } = {}) =>
      guarded("The kept archives can't be listed.", signal, async () => {
        const kept: { name: string; sizeBytes: number }[] = [];
        for (const file of await namesIn(directory)) {
          const name = keptName.exec(file)?.[1];
          const sizeBytes = name === undefined ? undefined : await sizeOf(join(directory, file));
          if (name !== undefined && sizeBytes !== undefined) kept.push({ name, sizeBytes });
        }
        return kept;
      }),
  };
}

/** Undefined where there is no such file. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
