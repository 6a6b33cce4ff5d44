import type { ArchiveRecord } from "../model/archiveRecord.ts";
import { decodeRecord } from "../protobuf/recordCodec.ts";
import { missingMetadata } from "./missingMetadata.ts";
import { openArchive } from "./openArchive.ts";
import type { ArchiveReadOptions } from "./archiveReadOptions.ts";

/**
 * Reads an archive record by record, in constant memory: metadata first, and every record authenticated.
 *
 * @throws ARCHIVE_INVALID_KEY when the key is not 32 bytes.
 * @throws ARCHIVE_NOT_AN_ARCHIVE when the file is something else.
 * @throws ARCHIVE_UNSUPPORTED_VERSION when the archive is of another format version.
 * @throws ARCHIVE_WRONG_KEY when the archive has the expected hash and the key does not open it.
 * @throws ARCHIVE_KEY_OR_DAMAGE when the first record does not open and nothing tells why.
 * @throws ARCHIVE_DAMAGED when anything else is not as it was written.
 * @throws ARCHIVE_TRUNCATED when the end is missing; the records before it have been given out by then.
 *
 * @example
 * ```ts
 * import { readArchive } from "@xmtp-backup/archive";
 *
 * export const countMessages = async (archive: Blob, key: Uint8Array) => {
 *   let messages = 0;
 *   for await (const record of readArchive(archive, key)) if (record.kind === "message") messages++;
 *   return messages;
 * };
 * ```
 */
export async function* readArchive(
  blob: Blob,
  key: Uint8Array,
  options: ArchiveReadOptions = {},
): AsyncGenerator<ArchiveRecord, void, void> {
  let isFirst = true;
  for await (const batch of openArchive(blob, key, options)) {
    for (const bytes of batch.records) {
      const record = decodeRecord(bytes);
      if (isFirst && record.kind !== "metadata") throw missingMetadata();
      isFirst = false;
      yield record;
    }
  }
  if (isFirst) throw missingMetadata();
}
