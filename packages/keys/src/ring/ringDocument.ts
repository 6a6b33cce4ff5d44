import { type ArchiveStore, BackupError, type CallOptions, isBackupError, toBackupError } from "@xmtp-backup/core";
import { decodeRing, encodeRing, type RingFile } from "./ringFile.ts";

/** A key ring's place beside the archives. */
export type RingDocument = {
  /** @throws KEY_RING_DAMAGED when what lies there is no ring */
  read(options: CallOptions): Promise<RingFile | undefined>;
  /** The same, and whether second versions of it lie there. */
  look(options: CallOptions): Promise<{ ring: RingFile | undefined; hasCopies: boolean }>;
  /** Writes the ring that `edit` makes of what lies there; once more when another device was faster. */
  change(edit: (current: Uint8Array | undefined) => Promise<RingFile>, options: CallOptions): Promise<void>;
};

/** Other devices change a ring now and then; one that is always faster is a store that can't compare. */
const maximumAttempts = 5;

/** @throws OPTIONS_INVALID when the store keeps archives only */
export function ringDocument(store: ArchiveStore, name: string): RingDocument {
  const { getDocument, putDocument } = store;
  if (!getDocument || !putDocument) throw new BackupError("OPTIONS_INVALID", "This store keeps no documents, and so no key ring.");
  const get = (options: CallOptions) => askStore("The key ring can't be read.", options, () => getDocument.call(store, name, options));

  return {
    async read(options) {
      const found = await get(options);
      return found && decodeRing(found.bytes);
    },

    async look(options) {
      const found = await get(options);
      return { ring: found && (await decodeRing(found.bytes)), hasCopies: (found?.copies ?? []).length > 0 };
    },

    async change(edit, options) {
      await askStore("The place for archives can't be used.", options, () => store.open(options));
      for (let attempt = 1; ; attempt++) {
        const found = await get(options);
        const bytes = await encodeRing(await edit(found?.bytes));
        try {
          return await askStore("The key ring can't be written.", options, () => putDocument.call(store, name, bytes, { ...options, replaces: found?.revision }));
        } catch (error) {
          const isOvertaken = isBackupError(error) && error.code === "STORE_CONFLICT";
          if (!isOvertaken || attempt === maximumAttempts) throw error;
        }
      }
    },
  };
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
