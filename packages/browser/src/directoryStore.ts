import { type ArchiveId, type ArchiveStore, BackupError } from "@xmtp-backup/core";
import { copyToFile } from "./copyToFile.ts";
import { directoryDocuments } from "./directoryDocuments.ts";
import { guardedFolder, type OpenFolder } from "./guardedFolder.ts";
import { namesIn } from "./namesIn.ts";
import { ifMissing, readFile, readWhole } from "./readFile.ts";
import { writeFileWhole } from "./writeFileWhole.ts";

const archiveEnding = ".xmtp";
const manifestEnding = ".manifest.json";
const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Keeps archives in a folder of the browser's file systems: `<id>.xmtp` and, written last, `<id>.manifest.json`,
 * and documents as `<name>.json`.
 *
 * @param openFolder - gives the folder, anew for each call, or says why it can't be used
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

    open: ({ signal } = {}) => guarded("The folder for archives can't be used.", signal, async () => undefined),

    put: (id, archive, options = {}) =>
      guarded("The archive could not be written.", options.signal, async (folder) => {
        if (await readWhole(folder, nameOf(id, manifestEnding))) throw new BackupError("STORE_FAILED", "An archive of this id is already listed.");
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
        const manifest = await guarded("A manifest can't be read.", signal, (folder) => readWhole(folder, name));
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
          if (await readWhole(folder, id + manifestEnding)) continue;
          const file = await readFile(folder, name);
          if (file) found.set(id, Math.max(found.get(id) ?? 0, file.lastModified));
        }
        return [...found].map(([id, modifiedAtMs]) => ({ id, modifiedAtMs }));
      }),
  };
}
