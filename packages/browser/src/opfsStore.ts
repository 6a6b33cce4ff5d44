import { type ArchiveId, type ArchiveStore, BackupError } from "@xmtp-backup/core";
import { estimateStorage } from "./estimateStorage.ts";
import { isMissing, toStoreError } from "./storeErrors.ts";
import { writeOpfsFile } from "./writeOpfsFile.ts";

export type OpfsStoreOptions = {
  /** The name of the folder in the origin-private file system. @default "xmtp-backup" */
  directory?: string;
};

const archiveEnding = ".xmtp";
const manifestEnding = ".manifest.json";
const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Keeps archives on this device, in a folder of the origin-private file system: `<id>.xmtp` and, written last,
 * `<id>.manifest.json`.
 *
 * It outlives reloads and updates, and goes when the user clears the site's data: it is no place for the only copy. Ask the
 * browser to keep it with `persistStorage`.
 *
 * @throws STORE_UNAVAILABLE when the browser has no such file system, or refuses it, as in some private windows
 * @throws STORE_FULL when the origin's quota is used up
 *
 * @example
 * ```ts
 * import { opfsStore } from "@xmtp-backup/browser";
 *
 * const store = opfsStore({ directory: "backups" });
 * ```
 */
export function opfsStore({ directory = "xmtp-backup" }: OpfsStoreOptions = {}): ArchiveStore {
  const nameOf = (id: ArchiveId, ending: string) => {
    if (!idPattern.test(id)) throw new BackupError("ARCHIVE_NOT_FOUND", "That is not the id of an archive.");
    return id + ending;
  };

  async function guarded<T>(shortMessage: string, signal: AbortSignal | undefined, run: (folder: FileSystemDirectoryHandle) => Promise<T>): Promise<T> {
    try {
      signal?.throwIfAborted();
      return await run(await openFolder(directory));
    } catch (error) {
      throw toStoreError(error, shortMessage, signal);
    }
  }

  return {
    features: { local: true },

    open: ({ signal } = {}) => guarded("The folder for archives can't be used.", signal, async () => undefined),

    put: (id, archive, { signal, onProgress } = {}) =>
      guarded("The archive could not be written.", signal, async (folder) => {
        if (await readManifest(folder, nameOf(id, manifestEnding))) throw new BackupError("STORE_FAILED", "An archive of this id is already listed.");
        await writeOpfsFile(folder, nameOf(id, archiveEnding), async (file) => {
          let doneBytes = 0;
          for await (const chunk of archive.stream()) {
            signal?.throwIfAborted();
            await file.write(chunk);
            doneBytes += chunk.length;
            onProgress?.(doneBytes);
          }
          signal?.throwIfAborted();
        });
      }),

    putManifest: (id, manifest, { signal } = {}) =>
      guarded("The manifest could not be written.", signal, (folder) =>
        writeOpfsFile(folder, nameOf(id, manifestEnding), (file) => file.write(new Uint8Array(manifest))),
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
          if (!idPattern.test(id) || (await readManifest(folder, id + manifestEnding))) continue;
          const file = await readFile(folder, name);
          if (file) found.set(id, Math.max(found.get(id) ?? 0, file.lastModified));
        }
        return [...found].map(([id, modifiedAtMs]) => ({ id, modifiedAtMs }));
      }),

    usage: ({ signal } = {}) => guarded("The browser does not tell how much room there is.", signal, estimateStorage),
  };
}

async function openFolder(directory: string): Promise<FileSystemDirectoryHandle> {
  const storage: Partial<StorageManager> | undefined = navigator.storage;
  if (!storage?.getDirectory) throw new BackupError("STORE_UNAVAILABLE", "This browser has no private file system here.");
  const root = await storage.getDirectory();
  return root.getDirectoryHandle(directory, { create: true });
}

async function namesIn(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  return names;
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
