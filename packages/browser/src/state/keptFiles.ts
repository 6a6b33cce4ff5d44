import { BackupError, deviceFull, isBackupError, isDeviceFull, type KeptArchives } from "@xmtp-backup/core";
import { copyToFile } from "../files/copyToFile.ts";
import { namesIn } from "../files/namesIn.ts";
import { openOpfsFolder } from "../files/openOpfsFolder.ts";
import { writeFileWhole } from "../files/writeFileWhole.ts";

const ending = ".kept";
const keptName = /^([a-z0-9-]+)\.kept$/;

/** Keeps encrypted archives in a folder of the origin-private file system; undefined where the browser has no such file system. */
export function keptFiles(directory: string): KeptArchives | undefined {
  const storage: Partial<StorageManager> | undefined = navigator.storage;
  if (!storage?.getDirectory) return undefined;

  async function guarded<T>(
    shortMessage: string,
    signal: AbortSignal | undefined,
    run: (folder: FileSystemDirectoryHandle) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    try {
      return await run(await openOpfsFolder(directory));
    } catch (error) {
      signal?.throwIfAborted();
      if (isDeviceFull(error)) throw deviceFull(shortMessage, error);
      throw isBackupError(error) && error.code === "HOST_FAILED" ? error : new BackupError("HOST_FAILED", shortMessage, { cause: error });
    }
  }

  return {
    put: (name, archive, { signal, onProgress } = {}) =>
      guarded("An archive can't be kept.", signal, (folder) =>
        writeFileWhole(folder, fileOf(name), (file) => copyToFile(archive.stream(), file, { signal, onProgress })),
      ),

    get: (name, { signal } = {}) =>
      guarded("A kept archive can't be read.", signal, (folder) =>
        unlessMissing(async () => (await folder.getFileHandle(fileOf(name))).getFile()),
      ),

    remove: (name, { signal } = {}) =>
      guarded("A kept archive can't be removed.", signal, (folder) => unlessMissing(() => folder.removeEntry(fileOf(name)))),

    list: ({ signal } = {}) =>
      guarded("The kept archives can't be listed.", signal, async (folder) => {
        const kept: { name: string; sizeBytes: number }[] = [];
        for (const file of await namesIn(folder)) {
          const name = keptName.exec(file)?.[1];
          const found = name === undefined ? undefined : await unlessMissing(async () => (await folder.getFileHandle(file)).getFile());
          if (name !== undefined && found) kept.push({ name, sizeBytes: found.size });
        }
        return kept;
      }),
  };
}

function fileOf(name: string): string {
  if (keptName.test(name + ending)) return name + ending;
  throw new BackupError("HOST_FAILED", "The name of a kept archive has lower-case letters, digits and dashes only.");
}

async function unlessMissing<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotFoundError") return undefined;
    throw error;
  }
}
