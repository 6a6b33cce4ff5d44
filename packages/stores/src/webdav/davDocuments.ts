import { type ArchiveStore, assertDocumentBytes, BackupError, type CallOptions, createTurns, type StoredDocument } from "@xmtp-backup/core";
import { documentName } from "../layout.ts";
import { sha256 } from "../sha256.ts";
import { conditionTags } from "../transport/entityTags.ts";
import type { DavFolder } from "./davFolder.ts";
import { whileLocked } from "./whileLocked.ts";

type ReadDocument = StoredDocument & { etag: string | undefined };

const failure = "The document could not be stored.";
const turns = createTurns<string>();
/** No document, archive or manifest is called so. */
const probeName = "condition.probe";

/**
 * Documents of a folder. Each is replaced under a condition that names the version which was read. If the server heeds no condition, or
 * its own tag never meets one, a document is replaced under a lock. If it has no locks either, the document is replaced right after it
 * was read once more.
 */
export function davDocuments(folder: DavFolder): Required<Pick<ArchiveStore, "getDocument" | "putDocument">> {
  async function read(name: string, options: CallOptions = {}): Promise<ReadDocument | undefined> {
    options.signal?.throwIfAborted();
    const file = await folder.read(documentName(name), options, "The document can't be read.");
    return file && { ...file, revision: await sha256(file.bytes) };
  }

  let heeds: boolean | undefined;
  /** Whether the server refuses a write whose condition can't be met; nginx and Go's library write whatever is asked. */
  async function heedsConditions(options: CallOptions): Promise<boolean> {
    heeds ??= !(await folder.writesDespite({ "If-Match": '"xmtp-backup"' }, probeName, options, failure));
    return heeds;
  }

  return {
    async getDocument(name, options) {
      const document = await read(name, options);
      return document && { bytes: document.bytes, revision: document.revision };
    },

    async putDocument(name, given, options) {
      assertDocumentBytes(given.length);
      const [file, bytes, written] = [documentName(name), new Uint8Array(given), await sha256(new Uint8Array(given))];
      const conflict = () => new BackupError("STORE_CONFLICT", "The document is another than the one that was read.");

      /** The document as it lies there, once that is still the version to replace. */
      async function readAgain(): Promise<ReadDocument | undefined> {
        const stored = await read(name, options);
        if (stored?.revision !== options.replaces) throw conflict();
        return stored;
      }

      /** Says whether the document is stored: not so where it is still what was read, although the server says that it is another. */
      async function writeIf(condition: Record<string, string>): Promise<boolean> {
        if (await folder.write(file, bytes, options, failure, condition)) return true;
        const lies = (await read(name, options))?.revision;
        // An answer that was lost makes the second attempt find what the first one wrote.
        if (lies === written) return true;
        if (lies !== options.replaces) throw conflict();
        return false;
      }

      async function writeIfTagged(etag: string | undefined, tried: Set<string>): Promise<boolean> {
        for (const tag of conditionTags(etag)) {
          if (tried.has(tag) || !(await heedsConditions(options))) continue;
          tried.add(tag);
          if (await writeIf({ "If-Match": tag })) return true;
        }
        return false;
      }

      async function writeTagged(etag: string | undefined): Promise<boolean> {
        const tried = new Set<string>();
        if (await writeIfTagged(etag, tried)) return true;
        // A proxy in between may tag each answer in its own way; the tag in a list is the server's own.
        const listedTag = await folder.tagOf(file, options, failure);
        await readAgain();
        return writeIfTagged(listedTag, tried);
      }

      async function replace(etag: string | undefined): Promise<void> {
        if (await writeTagged(etag)) return;
        const isLocked = await whileLocked(folder.transport, folder.urlOf(file), options, failure, async (held) => {
          await readAgain();
          if (!(await writeIf(held)))
            throw new BackupError("STORE_UNAVAILABLE", failure, { details: "The server ended the lock of the document too early." });
        });
        if (isLocked) return;
        await readAgain();
        if (!(await folder.write(file, bytes, options, failure))) throw conflict();
      }

      await turns(
        folder.urlOf(file),
        async () => {
          const stored = await readAgain();
          if (stored) return replace(stored.etag);
          if (!(await writeIf({ "If-None-Match": "*" }))) throw conflict();
        },
        options,
      );
    },
  };
}
