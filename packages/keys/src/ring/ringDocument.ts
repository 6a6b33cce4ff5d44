import { type ArchiveStore, BackupError, type CallOptions, isBackupError, type StoredDocument, toBackupError } from "@xmtp-backup/core";
import { decodeRing, encodeRing, type RingFile } from "./ringFile.ts";
import { ringLimits } from "./ringLimits.ts";

/** A key ring's place beside the archives. */
export type RingDocument = {
  /** Whether anything lies there, a ring or not. */
  isThere(options: CallOptions): Promise<boolean>;
  /** @throws KEY_RING_DAMAGED when what lies there is no ring */
  read(options: CallOptions): Promise<RingFile | undefined>;
  /** The same, and the names of second versions of it that lie there. */
  look(options: CallOptions): Promise<{ ring: RingFile | undefined; copies: readonly string[] }>;
  /** Those second versions of the ring that can be read. */
  readCopies(options: CallOptions): Promise<RingFile[]>;
  /** Writes the ring that `edit` makes of what lies there, and gives it back; once more when another device was faster. */
  change(edit: (current: Uint8Array | undefined) => Promise<RingFile>, options: CallOptions): Promise<RingFile>;
};

/** Other devices change a ring now and then; one that is always faster is a store that can't compare. */
const maximumAttempts = 5;

/** @throws OPTIONS_INVALID when the store keeps archives only */
export function ringDocument(store: ArchiveStore, name: string): RingDocument {
  const { getDocument, putDocument } = store;
  if (!getDocument || !putDocument) throw new BackupError("OPTIONS_INVALID", "This store keeps no documents, and so no key ring.");
  const get = (options: CallOptions, copy?: string): Promise<StoredDocument | undefined> =>
    askStore("The key ring can't be read.", options, () =>
      getDocument.call(store, name, copy === undefined ? options : { ...options, copy }),
    );

  return {
    isThere: async (options) => (await get(options)) !== undefined,

    async read(options) {
      const found = await get(options);
      return found && decodeRing(found.bytes);
    },

    async look(options) {
      const found = await get(options);
      return { ring: found && (await decodeRing(found.bytes)), copies: found?.copies ?? [] };
    },

    async readCopies(options) {
      const copies = (await get(options))?.copies ?? [];
      const rings: RingFile[] = [];
      for (const copy of copies.slice(0, ringLimits.copies)) {
        const ring = await get(options, copy)
          .then((found) => found && decodeRing(found.bytes))
          .catch(ifUnreadable);
        if (ring) rings.push(ring);
      }
      return rings;
    },

    async change(edit, options) {
      await askStore("The place for archives can't be used.", options, () => store.open(options));
      for (let attempt = 1; ; attempt++) {
        const found = await get(options);
        const ring = await edit(found?.bytes);
        const bytes = await encodeRing(ring);
        try {
          await askStore("The key ring can't be written.", options, () =>
            putDocument.call(store, name, bytes, { ...options, replaces: found?.revision }),
          );
          return ring;
        } catch (error) {
          const isOvertaken = isBackupError(error) && error.code === "STORE_CONFLICT";
          if (!isOvertaken || attempt === maximumAttempts) throw error;
        }
      }
    },
  };
}

/** A second version may be half of one, or of a newer app. */
function ifUnreadable(error: unknown): undefined {
  if (!isBackupError(error) || !["KEY_RING_DAMAGED", "KEY_RING_VERSION_UNSUPPORTED"].includes(error.code)) throw error;
}

async function askStore<T>(shortMessage: string, { signal }: CallOptions, run: () => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  try {
    return await run();
  } catch (error) {
    signal?.throwIfAborted();
    throw toBackupError(error, "STORE_FAILED", shortMessage);
  }
}
