import { type ArchiveId, type ArchiveStore, BackupError } from "@xmtp-backup/core";
import { copyToFile } from "./copyToFile.ts";
import { namesIn } from "./namesIn.ts";
import { isMissing, toStoreError } from "./storeErrors.ts";
import { writeFileWhole } from "./writeFileWhole.ts";

const archiveEnding = ".xmtp";
const manifestEnding = ".manifest.json";
const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Keeps archives in a folder of the browser's file systems: `<id>.xmtp` and, written last, `<id>.manifest.json`.
 *
 * @param openFolder - gives the folder, anew for each call, or says why it can't be used
 */
export function directoryStore(openFolder: () => Promise<FileSystemDirectoryHandle>): ArchiveStore {
  const nameOf = (id: ArchiveId, ending: string) => {
    if (!idPattern.test(id)) throw new BackupError("ARCHIVE_NOT_FOUND", "That is not the id of an archive.");
    return id + ending;
  };

  async function guarded<T>(shortMessage: string, signal: AbortSignal | undefined, run: (folder: FileSystemDirectoryHandle) => Promise<T>): Promise<T> {
    try {
      signal?.throwIfAborted();
      return await run(await openFolder());
    } catch (error) {
      throw toStoreError(error, shortMessage, signal);
    }
  }

  return {
    features: { local: true },

    open: ({ signal } = {}) => guarded("The folder for archives can't be used.", signal, async () => undefined),

    put: (id, archive, options = {}) =>
      guarded("The archive could not be written.", options.signal, async (folder) => {
        if (await readManifest(folder, nameOf(id, manifestEnding))) throw new BackupError("STORE_FAILED", "An archive of this id is already listed.");
        await writeFileWhole(folder, nameOf(id, archiveEnding), (file) => copyToFile(archive.stream(), file, options));
      }),

    putManifest: (id, manifest, { signal } = {}) =>
      guarded("The manifest could not be written.", signal, (folder) =>
        writeFileWhole(folder, nameOf(id, manifestEnding), (file) => file.write(new Uint8Array(manifest))),
      ),

    async *list({ signal } = {}) {
      const names = await guarded("The folder for archives can't be read.", signal, namesIn);
      for (const name of names) {
        const id = name.slice(0, -manifestEnding.length);
        if (!name.endsWith(manifestEnding) || !idPattern.test(id)) continue;
        const manifest = await guarded("A manifest can't be read.", signal, (folder) => readManifest(folder, name));
        if (manifest) yield { id, manifest };
      }
    },

    get: (id, { signal, onProgress } = {}) =>
      guarded("The archive could not be read.", signal, async (folder) => {
        const archive = await readFile(folder, nameOf(id, archiveEnding));
        if (!archive) throw new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.");
        onProgress?.(archive.size);
        return archive;
      }),

    remove: (id, { signal } = {}) =>
      guarded("The archive could not be removed.", signal, async (folder) => {
        await folder.removeEntry(nameOf(id, manifestEnding)).catch(ifMissing);
        await folder.removeEntry(nameOf(id, archiveEnding)).catch(ifMissing);
      }),

    unfinished: ({ signal } = {}) =>
      guarded("The folder for archives can't be read.", signal, async (folder) => {
        const found = new Map<ArchiveId, number>();
        for (const name of await namesIn(folder)) {
          const id = name.slice(0, 36);
          // Whatever else lies in the folder is none of ours.
          if (!idPattern.test(id) || ![archiveEnding, manifestEnding].includes(name.slice(36))) continue;
          if (await readManifest(folder, id + manifestEnding)) continue;
          const file = await readFile(folder, name);
          if (file) found.set(id, Math.max(found.get(id) ?? 0, file.lastModified));
        }
        return [...found].map(([id, modifiedAtMs]) => ({ id, modifiedAtMs }));
      }),
  };
}

async function readFile(folder: FileSystemDirectoryHandle, name: string): Promise<File | undefined> {
  const handle = await folder.getFileHandle(name).catch(ifMissing);
  return handle?.getFile().catch(ifMissing);
}

/** A manifest of no bytes is one that was about to be written when the page ended. */
async function readManifest(folder: FileSystemDirectoryHandle, name: string): Promise<Uint8Array | undefined> {
  const file = await readFile(folder, name);
  return file && file.size > 0 ? new Uint8Array(await file.arrayBuffer()) : undefined;
}

function ifMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}
