import {
  type ArchiveId,
  type ArchiveStore,
  assertArchiveBytes,
  BackupError,
  classifyFile,
  filesOfKind,
  maxManifestBytes,
} from "@xmtp-backup/core";
import { copyToFile } from "../files/copyToFile.ts";
import { folderTimeMs } from "../files/folderTimeMs.ts";
import { namesIn } from "../files/namesIn.ts";
import { assertWritable } from "../files/openSink.ts";
import { findWhole, ifMissing, readFile } from "../files/readFile.ts";
import { writeFileWhole } from "../files/writeFileWhole.ts";
import { directoryDocuments } from "./directoryDocuments.ts";
import { guardedFolder, type OpenFolder } from "./guardedFolder.ts";
import { inTheCloud } from "./inTheCloud.ts";

const archiveEnding = ".xmtp";
const manifestEnding = ".manifest.json";
const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Keeps archives in a folder of the browser's file systems: `<id>.xmtp` and, written last, `<id>.manifest.json`,
 * and documents as `<name>.json`.
 *
 * @param openFolder - gives the folder, for each call again, or says why it can't be used
 */
export function directoryStore(openFolder: OpenFolder): ArchiveStore {
  const guarded = guardedFolder(openFolder);
  const nameOf = (id: ArchiveId, ending: string) => {
    if (!idPattern.test(id)) throw new BackupError("ARCHIVE_NOT_FOUND", "That is not the id of an archive.");
    return id + ending;
  };

  return {
    features: { local: true },

    ...directoryDocuments(openFolder),

    open: ({ signal } = {}) => guarded("The folder for archives can't be used.", signal, assertWritable),

    put: (id, archive, options = {}) =>
      guarded("The archive could not be written.", options.signal, async (folder) => {
        const isListed =
          (await findWhole(folder, nameOf(id, manifestEnding))) ?? isKeptBySync(filesOfKind(await namesIn(folder), "manifest").get(id));
        if (isListed) throw new BackupError("STORE_FAILED", "An archive of this id is already listed.");
        await writeFileWhole(folder, nameOf(id, archiveEnding), (file) => copyToFile(archive.stream(), file, options));
      }),

    putManifest: (id, manifest, { signal } = {}) =>
      guarded("The manifest could not be written.", signal, (folder) =>
        writeFileWhole(folder, nameOf(id, manifestEnding), (file) => file.write(new Uint8Array(manifest))),
      ),

    async *list({ signal } = {}) {
      const names = await guarded("The folder for archives can't be read.", signal, namesIn);
      const archives = filesOfKind(names, "archive");
      let missing = 0;
      for (const [id, { whole, placeholder, copy }] of filesOfKind(names, "manifest")) {
        if (!whole && placeholder) missing += 1;
        // Where a sync program kept nothing but second versions, the first of them lists the archive.
        const [name] = whole ?? (placeholder || !archives.has(id) ? [] : (copy ?? []));
        if (name === undefined) continue;
        const manifest = await guarded("A manifest can't be read.", signal, (folder) => readManifest(folder, name));
        if (manifest) yield { id, manifest };
      }
      // A shorter list would be taken for all that there is.
      if (missing > 0) throw inTheCloud(`The manifests of ${missing} archives are not downloaded yet.`);
    },

    get: (id, { signal, onProgress, maxBytes = Infinity } = {}) =>
      guarded("The archive could not be read.", signal, async (folder) => {
        const archive = await readFile(folder, nameOf(id, archiveEnding));
        if (!archive) throw await whyMissing(folder, id);
        assertArchiveBytes(archive.size, maxBytes);
        onProgress?.(archive.size);
        return archive;
      }),

    remove: (id, { signal } = {}) =>
      guarded("The archive could not be removed.", signal, async (folder) => {
        for (const name of [nameOf(id, manifestEnding), nameOf(id, archiveEnding)]) {
          await folder.removeEntry(name).catch(ifMissing);
          await folder.removeEntry(`.${name}.icloud`).catch(ifMissing);
        }
        for (const name of await namesIn(folder)) if (isPartOf(id, name)) await folder.removeEntry(name).catch(ifMissing);
      }),

    unfinished: ({ signal } = {}) =>
      guarded("The folder for archives can't be read.", signal, async (folder) => {
        const found = new Map<ArchiveId, number>();
        const names = await namesIn(folder);
        const manifests = filesOfKind(names, "manifest");
        for (const name of names) {
          const id = name.slice(0, 36);
          // Other files in the folder are not ours.
          if (!idPattern.test(id) || !([archiveEnding, manifestEnding].includes(name.slice(36)) || isPartOf(id, name))) continue;
          if (isKeptBySync(manifests.get(id)) || (await findWhole(folder, id + manifestEnding))) continue;
          const file = await readFile(folder, name);
          if (file) found.set(id, Math.max(found.get(id) ?? 0, file.lastModified));
        }
        if (found.size === 0) return [];
        const nowMs = await folderTimeMs(folder);
        return [...found].map(([id, modifiedAtMs]) => ({ id, ...(nowMs !== undefined && { ageMs: Math.max(0, nowMs - modifiedAtMs) }) }));
      }),

    sizeOf: (id, { signal } = {}) =>
      guarded("The archive could not be read.", signal, async (folder) => {
        const archive = await readFile(folder, nameOf(id, archiveEnding));
        if (!archive) throw await whyMissing(folder, id);
        return archive.size;
      }),
  };
}

/** Whether a file is what a write of an archive or its manifest left that was cut off. */
function isPartOf(id: ArchiveId, name: string): boolean {
  const file = classifyFile(name);
  return file?.form === "partial" && file.kind !== "document" && file.of === id;
}

/** The bytes of a manifest, none of one that is too large; undefined when there is none. */
async function readManifest(folder: FileSystemDirectoryHandle, name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const file = await findWhole(folder, name);
  return file && (file.size > maxManifestBytes ? new Uint8Array() : new Uint8Array(await file.arrayBuffer()));
}

/** Whether another program that syncs the folder holds a file that is not here under its own name. */
function isKeptBySync({ placeholder, copy, arriving }: ReturnType<ReturnType<typeof filesOfKind>["get"]> = {}): boolean {
  return (placeholder ?? copy ?? arriving) !== undefined;
}

async function whyMissing(folder: FileSystemDirectoryHandle, id: ArchiveId): Promise<BackupError> {
  const { placeholder, arriving } = filesOfKind(await namesIn(folder), "archive").get(id) ?? {};
  return placeholder || arriving
    ? inTheCloud("The archive is not downloaded yet.")
    : new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.");
}
