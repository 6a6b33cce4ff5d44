import { type ArchiveStore, assertDocumentBytes, BackupError, filesOfKind, type StoredDocument } from "@xmtp-backup/core";
import { namesIn } from "../files/namesIn.ts";
import { findWhole, ifMissing } from "../files/readFile.ts";
import { writeFileWhole } from "../files/writeFileWhole.ts";
import { guardedFolder, type OpenFolder } from "./guardedFolder.ts";
import { inTheCloud } from "./inTheCloud.ts";

/**
 * Keeps a store's documents in its folder, as `<name>.json`; the revision of a document is the hash of its bytes.
 *
 * Comparing and replacing are one step for all tabs of the origin. A folder has no way to order several machines that sync it.
 */
export function directoryDocuments(openFolder: OpenFolder): Required<Pick<ArchiveStore, "getDocument" | "putDocument">> {
  const guarded = guardedFolder(openFolder);

  return {
    getDocument: (name, { signal, copy } = {}) => guarded("The document can't be read.", signal, (folder) => read(folder, name, copy)),

    putDocument: (name, bytes, { signal, replaces }) =>
      guarded("The document could not be written.", signal, async (folder) => {
        const file = fileOf(name);
        assertDocumentBytes(bytes.length);
        await navigator.locks.request(`xmtp-backup:document:${folder.name}/${file}`, signal ? { signal } : {}, async () => {
          if ((await read(folder, name))?.revision !== replaces)
            throw new BackupError("STORE_CONFLICT", "The document is another than the one that was read.");
          signal?.throwIfAborted();
          await writeFileWhole(folder, file, (writable) => writable.write(new Uint8Array(bytes)));
          // Nobody else writes it now: what lies in part was cut off.
          for (const part of filesOfKind(await namesIn(folder), "document").get(name)?.partial ?? [])
            await folder.removeEntry(part).catch(ifMissing);
        });
      }),
  };
}

function fileOf(name: string): string {
  if (!/^[a-z0-9-]+$/.test(name))
    throw new BackupError("OPTIONS_INVALID", "A document's name has lower-case letters, digits and dashes only.");
  return `${name}.json`;
}

/**
 * A document, and the second versions of it that a sync program kept. A document in the cloud, or of which only those are left, counts as
 * present.
 */
async function read(folder: FileSystemDirectoryHandle, name: string, wanted?: string): Promise<StoredDocument | undefined> {
  const file = fileOf(name);
  const { placeholder, arriving, copy: copies = [] } = filesOfKind(await namesIn(folder), "document").get(name) ?? {};
  const found = await findWhole(folder, copies.find((copy) => copy === wanted) ?? file);
  if (found) assertDocumentBytes(found.size);
  const bytes = found && new Uint8Array(await found.arrayBuffer());
  if (bytes) return { bytes, revision: toHex(await crypto.subtle.digest("SHA-256", bytes)), ...(copies.length > 0 && { copies }) };
  if (placeholder || arriving) throw inTheCloud("The document is not downloaded yet.");
  if (copies.length > 0) throw onlyCopies(name, copies);
  return undefined;
}

/** Only a person can say which of them is the right one. If they counted as missing, a new document would be made beside them. */
function onlyCopies(name: string, copies: readonly string[]): BackupError {
  return new BackupError(
    "STORE_UNAVAILABLE",
    "Of the document only second versions are there, which a program that syncs the folder kept.",
    {
      details: `Let that program finish. Where ${name}.json does not come back, give the right one of ${copies.map((copy) => `"${copy}"`).join(", ")} this name.`,
    },
  );
}

function toHex(hash: ArrayBuffer): string {
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
