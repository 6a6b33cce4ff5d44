import { access, constants, mkdir, readdir, stat, statfs, unlink } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  type ArchiveId,
  type ArchiveStore,
  assertArchiveBytes,
  assertShape,
  BackupError,
  filesOfKind,
  maxManifestBytes,
} from "@xmtp-backup/core";
import { copyToFile } from "../files/copyToFile.ts";
import { folderTimeMs } from "../files/folderTimeMs.ts";
import { readSmallFile } from "../files/readSmallFile.ts";
import { isMissing } from "../files/systemCode.ts";
import { whileHeld } from "../files/whileHeld.ts";
import { partialEnding, syncFolder, writeFileDurably } from "../files/writeFileDurably.ts";
import { directoryDocuments } from "./directoryDocuments.ts";
import { fetchPlaceholder, inTheCloud } from "./fetchPlaceholder.ts";
import { guarded } from "./guarded.ts";
import { openArchive } from "./openArchive.ts";

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
export function fileStore(options: FileStoreOptions): ArchiveStore {
  assertShape("fileStore", options, { directory: "text", create: "boolean?" });
  const { directory, create = true } = options;
  const pathOf = (id: ArchiveId, ending: string) => {
    if (!idPattern.test(id)) throw new BackupError("ARCHIVE_NOT_FOUND", "That is not the id of an archive.");
    return join(directory, id + ending);
  };

  return {
    features: { local: true },

    ...directoryDocuments(directory),

    open: ({ signal } = {}) =>
      guarded("The folder for archives can't be used.", signal, async () => {
        if (create) await mkdir(directory, { recursive: true, mode: 0o700 });
        await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
        await readdir(directory);
      }),

    put: (id, archive, options = {}) =>
      guarded("The archive could not be written.", options.signal, async () => {
        const path = pathOf(id, archiveEnding);
        const { whole, placeholder, copy } = filesOfKind(await readdir(directory), "manifest").get(id) ?? {};
        if (whole ?? placeholder ?? copy) throw new BackupError("STORE_FAILED", "An archive of this id is already listed.");
        await writeFileDurably(path, (file) => copyToFile(archive.stream(), file, options));
      }),

    putManifest: (id, manifest, { signal } = {}) =>
      guarded("The manifest could not be written.", signal, async () => {
        await writeFileDurably(pathOf(id, manifestEnding), (file) => file.writeFile(manifest));
      }),

    async *list({ signal } = {}) {
      const names = await guarded("The folder for archives can't be read.", signal, () => readdir(directory));
      const archives = filesOfKind(names, "archive");
      const missing: ArchiveId[] = [];
      for (const [id, { whole, placeholder, copy }] of filesOfKind(names, "manifest")) {
        if (!whole && placeholder) missing.push(id);
        // Where a sync program kept nothing but second versions, the first of them lists the archive.
        const [name] = whole ?? (placeholder || !archives.has(id) ? [] : (copy ?? []));
        if (name === undefined) continue;
        const manifest = await guarded("A manifest can't be read.", signal, () =>
          readSmallFile(join(directory, name), maxManifestBytes, { signal }),
        );
        if (manifest) yield { id, manifest: manifest.bytes };
      }
      let stillMissing = 0;
      for (const id of missing) {
        const path = pathOf(id, manifestEnding);
        const manifest = await guarded("A manifest can't be read.", signal, async () =>
          stillMissing === 0 && (await fetchPlaceholder(path, { signal })) ? readSmallFile(path, maxManifestBytes, { signal }) : undefined,
        );
        if (manifest) yield { id, manifest: manifest.bytes };
        else stillMissing += 1;
      }
      // A shorter list would be taken for all that there is.
      if (stillMissing > 0) throw inTheCloud(`The manifests of ${stillMissing} archives are not downloaded yet.`);
    },

    get: (id, { signal, onProgress, maxBytes = Infinity } = {}) =>
      guarded("The archive could not be read.", signal, async () => {
        pathOf(id, archiveEnding);
        const blob = await openArchive(directory, id, { signal });
        assertArchiveBytes(blob.size, maxBytes);
        onProgress?.(blob.size);
        return blob;
      }),

    remove: (id, { signal } = {}) =>
      guarded("The archive could not be removed.", signal, async () => {
        for (const path of [pathOf(id, manifestEnding), pathOf(id, archiveEnding)]) {
          await deleteFile(path);
          await deleteFile(join(directory, `.${basename(path)}.icloud`));
        }
        for (const name of await readdir(directory)) {
          if (name.startsWith(id) && name.endsWith(partialEnding)) await deleteFile(join(directory, name));
        }
        await syncFolder(directory);
      }),

    unfinished: ({ signal } = {}) =>
      guarded("The folder for archives can't be read.", signal, async () => {
        const names = await readdir(directory);
        const manifests = filesOfKind(names, "manifest");
        const isListed = (id: ArchiveId) => {
          const { whole, placeholder, copy, arriving } = manifests.get(id) ?? {};
          return (whole ?? placeholder ?? copy ?? arriving) !== undefined;
        };
        const paths = new Map<ArchiveId, string[]>();
        for (const files of [filesOfKind(names, "archive"), manifests]) {
          for (const [id, { whole = [], placeholder = [], partial = [] }] of files) {
            // A manifest that was being replaced may lie in part beside a listed archive, which is none the less whole.
            if (!isListed(id))
              paths.set(id, [...(paths.get(id) ?? []), ...[...whole, ...placeholder, ...partial].map((name) => join(directory, name))]);
          }
        }
        if (paths.size === 0) return [];
        const nowMs = await folderTimeMs(directory);
        return Promise.all([...paths].map(async ([id, files]) => ({ id, ...ageOf(await Promise.all(files.map(writtenMs)), nowMs) })));
      }),

    sizeOf: (id, { signal } = {}) =>
      guarded("The archive could not be read.", signal, async () => {
        const file = await stat(pathOf(id, archiveEnding)).catch(ifMissing);
        return file ? file.size : (await openArchive(directory, id, { signal })).size;
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

/**
 * When a file was last written here. A sync program keeps the time of the last change, by the clock of the device that made it. The time
 * of its entry shows when the file came here, and its manifest has as much time to come.
 */
async function writtenMs(path: string): Promise<number | undefined> {
  return (await stat(path).catch(ifMissing))?.ctimeMs;
}

function ageOf(times: readonly (number | undefined)[], nowMs: number | undefined): { ageMs?: number } {
  const known = times.filter((timeMs) => timeMs !== undefined);
  return nowMs === undefined || known.length === 0 ? {} : { ageMs: Math.max(0, nowMs - Math.max(...known)) };
}

function deleteFile(path: string): Promise<void> {
  return whileHeld(path, () => unlink(path)).catch(ifMissing);
}

function ifMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}
