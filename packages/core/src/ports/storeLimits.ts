import { BackupError } from "../errors/backupError.ts";

/**
 * The largest manifest that anybody reads, in bytes. It counts the messages of each conversation, in 105 bytes at most: this is room for
 * 150,000 conversations. What is larger was not written by this code, and reading it would hold the app.
 */
export const maxManifestBytes = 16_777_216;

/** The largest document that anybody reads, in bytes: a key ring with its slots takes some kilobytes. */
export const maxDocumentBytes = 1_048_576;

/**
 * Refuses a document of more than `maxDocumentBytes`, for stores: before it is read, and before it is written.
 *
 * @throws STORE_FAILED when it has more
 */
export function assertDocumentBytes(bytes: number): void {
  if (bytes <= maxDocumentBytes) return;
  throw new BackupError("STORE_FAILED", "The document is larger than any document is.", {
    details: `It has ${bytes} bytes; ${maxDocumentBytes} is the most.`,
  });
}

/**
 * Refuses an archive of more than the `maxBytes` of a download, for stores: before its bytes are fetched or given.
 *
 * @throws STORE_MISMATCH when it has more
 */
export function assertArchiveBytes(bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  throw new BackupError("STORE_MISMATCH", "The store gives back other bytes than were stored.", {
    details: `It has ${bytes} bytes instead of ${maxBytes}.`,
  });
}
