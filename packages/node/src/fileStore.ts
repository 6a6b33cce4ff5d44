import { openAsBlob } from "node:fs";
import { access, constants, mkdir, readdir, readFile, stat, statfs, unlink } from "node:fs/promises";
import { join } from "node:path";
import { type ArchiveId, type ArchiveStore, BackupError } from "@xmtp-backup/core";
import { copyStream } from "./copyStream.ts";
import { fileDocuments } from "./fileDocuments.ts";
import { guarded, isMissing } from "./fileErrors.ts";
import { partialEnding, syncFolder, writeFileDurably } from "./writeFileDurably.ts";

export type FileStoreOptions = {
  /** Where archives are kept: any folder, one that another program syncs included. */
  directory: string;
  /**
   * Create the folder, and its parents, when it is missing. Say `false` for a place that is mounted, so that a missing
   * mount is an error and not a new folder.
   *
   * @default true
   */
  create?: boolean;
};

const archiveEnding = ".xmtp";
const manifestEnding = ".manifest.json";
const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Keeps archives in a folder: `<id>.xmtp` and, written last, `<id>.manifest.json`, and documents as `<name>.json`; all readable
 * by the owner only.
 *
 * @throws STORE_UNAVAILABLE when the folder is missing and may not be created, or is not a folder
 * @throws STORE_DENIED when the folder may not be read or written
 * @throws STORE_FULL when the disk is full
 *
 * @example
 * ```ts
 * import { fileStore } from "@xmtp-backup/node";
 *
 * const store = fileStore({ directory: "./backups" });
 * ```
 */
export function fileStore({ directory, create = true }: FileStoreOptions): ArchiveStore {
  const pathOf = (id: ArchiveId, ending: string) => {
    if (!idPattern.test(id)) throw new BackupError("ARCHIVE_NOT_FOUND", "That is not the id of an archive.");
    return join(directory, id + ending);
  };

  return {
    features: { local: true },

    ...fileDocuments(directory),

    open: ({ signal } = {}) =>
      guarded("The folder for archives can't be used.", signal, async () => {
        if (create) await mkdir(directory, { recursive: true, mode: 0o700 });
        await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
        await readdir(directory);
      }),

    put: (id, archive, options = {}) =>
      guarded("The archive could not be written.", options.signal, async () => {
        if (await exists(pathOf(id, manifestEnding))) throw new BackupError("STORE_FAILED", "An archive of this id is already listed.");
        await writeFileDurably(pathOf(id, archiveEnding), (file) => copyStream(archive.stream(), file, options));
      }),

    putManifest: (id, manifest, { signal } = {}) =>
      guarded("The manifest could not be written.", signal, () =>
        writeFileDurably(pathOf(id, manifestEnding), (file) => file.writeFile(manifest)),
      ),

    async *list({ signal } = {}) {
      const names = await guarded("The folder for archives can't be read.", signal, () => readdir(directory));
      for (const name of names) {
        const id = name.slice(0, -manifestEnding.length);
        if (!name.endsWith(manifestEnding) || !idPattern.test(id)) continue;
        const manifest = await guarded("A manifest can't be read.", signal, () => readFile(join(directory, name)).catch(ifMissing));
        if (manifest) yield { id, manifest: new Uint8Array(manifest) };
      }
    },

    get: (id, { signal, onProgress } = {}) =>
      guarded("The archive could not be read.", signal, async () => {
        const path = pathOf(id, archiveEnding);
        try {
          await access(path, constants.R_OK);
        } catch (error) {
          if (!isMissing(error)) throw error;
          throw new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.", { cause: error });
        }
        const blob = await openAsBlob(path);
        onProgress?.(blob.size);
        return blob;
      }),

    remove: (id, { signal } = {}) =>
      guarded("The archive could not be removed.", signal, async () => {
        await unlink(pathOf(id, manifestEnding)).catch(ifMissing);
        await unlink(pathOf(id, archiveEnding)).catch(ifMissing);
        for (const name of await readdir(directory)) {
          if (name.startsWith(id) && name.endsWith(partialEnding)) await unlink(join(directory, name)).catch(ifMissing);
        }
        await syncFolder(directory);
      }),

    unfinished: ({ signal } = {}) =>
      guarded("The folder for archives can't be read.", signal, async () => {
        const names = new Set(await readdir(directory));
        const found = new Map<ArchiveId, number>();
        for (const name of names) {
          const id = name.slice(0, 36);
          if (!idPattern.test(id)) continue;
          // A manifest that was being replaced may lie in part beside a listed archive, which is none the less whole.
          if (names.has(id + manifestEnding)) continue;
          if (name !== id + archiveEnding && !name.endsWith(partialEnding)) continue;
          const { mtimeMs } = (await stat(join(directory, name)).catch(ifMissing)) ?? { mtimeMs: 0 };
          found.set(id, Math.max(found.get(id) ?? 0, mtimeMs));
        }
        return [...found].map(([id, modifiedAtMs]) => ({ id, modifiedAtMs }));
      }),

    usage: ({ signal } = {}) =>
      guarded("The folder for archives does not tell how full it is.", signal, async () => {
        const { blocks, bfree, bavail, bsize } = await statfs(directory);
        // What is kept back for the system counts as neither used nor free, as `df` has it.
        const usedBytes = (blocks - bfree) * bsize;
        const totalBytes = usedBytes + bavail * bsize;
        return totalBytes > 0 ? { usedBytes, totalBytes } : undefined;
      }),
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

function ifMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}
