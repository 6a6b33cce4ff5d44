import { type ArchiveStore, BackupError, type StoredDocument } from "@xmtp-backup/core";
import { readWhole } from "./readFile.ts";
import { guardedFolder, type OpenFolder } from "./guardedFolder.ts";
import { writeFileWhole } from "./writeFileWhole.ts";

/**
 * Keeps a store's documents in its folder, as `<name>.json`; the revision of a document is the hash of its bytes.
 *
 * Comparing and replacing are one step for all tabs of the origin. A folder has no way to order several machines that sync it.
 */
export function directoryDocuments(openFolder: OpenFolder): Required<Pick<ArchiveStore, "getDocument" | "putDocument">> {
  const guarded = guardedFolder(openFolder);

  return {
    getDocument: (name, { signal } = {}) => guarded("The document can't be read.", signal, (folder) => read(folder, fileOf(name))),

    putDocument: (name, bytes, { signal, replaces }) =>
      guarded("The document could not be written.", signal, async (folder) => {
        const file = fileOf(name);
        await navigator.locks.request(`xmtp-backup:document:${folder.name}/${file}`, signal ? { signal } : {}, async () => {
          if ((await read(folder, file))?.revision !== replaces) throw new BackupError("STORE_CONFLICT", "The document is another than the one that was read.");
          signal?.throwIfAborted();
          await writeFileWhole(folder, file, (writable) => writable.write(new Uint8Array(bytes)));
        });
      }),
  };
}

function fileOf(name: string): string {
  if (!/^[a-z0-9-]+$/.test(name)) throw new BackupError("OPTIONS_INVALID", "A document's name has lower-case letters, digits and dashes only.");
  return `${name}.json`;
}

async function read(folder: FileSystemDirectoryHandle, file: string): Promise<StoredDocument | undefined> {
  const bytes = await readWhole(folder, file);
  return bytes && { bytes, revision: toHex(await crypto.subtle.digest("SHA-256", bytes)) };
}

function toHex(hash: ArrayBuffer): string {
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
