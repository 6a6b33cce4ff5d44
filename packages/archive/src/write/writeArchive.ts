import { RecordCipher } from "../crypto/recordCipher.ts";
import { ArchiveError } from "../model/archiveError.ts";
import type { ArchiveRecord } from "../model/archiveRecord.ts";
import { encodeRecord } from "../protobuf/recordCodec.ts";
import { checkKey } from "../read/openArchive.ts";
import { byteStream } from "./byteStream.ts";
import { type ArchiveWriteOptions, sealArchive } from "./sealArchive.ts";

/** Records are encoded so many at a time, since a promise for each would cost more than its encoding. */
const BATCH_RECORDS = 256;

async function* encodeRecords(records: AsyncIterable<ArchiveRecord> | Iterable<ArchiveRecord>): AsyncGenerator<Uint8Array[], void, void> {
  let isFirst = true;
  let batch: Uint8Array[] = [];
  const add = (record: ArchiveRecord) => {
    if (isFirst && record.kind !== "metadata") throw metadataFirst();
    isFirst = false;
    batch.push(encodeRecord(record));
  };
  if (Symbol.iterator in records) {
    for (const record of records) {
      add(record);
      if (batch.length < BATCH_RECORDS) continue;
      yield batch;
      batch = [];
    }
    yield batch;
  } else {
    for await (const record of records) {
      batch = [];
      add(record);
      yield batch;
    }
  }
  if (isFirst) throw metadataFirst();
}

const metadataFirst = (): ArchiveError =>
  new ArchiveError("ARCHIVE_INVALID_RECORD", "the first record of an archive must be its metadata", { recordIndex: 0 });

/**
 * Writes records as an archive that every XMTP SDK can import, from a file too; it adds empty records where an importer
 * would hang otherwise. Groups must come before their messages, since an importer stores records in this order.
 *
 * The stream fails with an {@link ArchiveError} of code `ARCHIVE_INVALID_RECORD` when a record can't be written.
 *
 * @throws ARCHIVE_INVALID_KEY when the key is not 32 bytes.
 *
 * @example
 * ```ts
 * import { type ArchiveRecord, writeArchive } from "@xmtp-backup/archive";
 *
 * const records: ArchiveRecord[] = [
 *   { kind: "metadata", metadata: { elements: ["messages"], exportedAtNs: 1_700_000_000_000_000_000n } },
 * ];
 * const key = crypto.getRandomValues(new Uint8Array(32));
 * const archive = await new Response(writeArchive(records, key)).blob();
 * console.log(archive.size);
 * ```
 */
export const writeArchive = (
  records: AsyncIterable<ArchiveRecord> | Iterable<ArchiveRecord>,
  key: Uint8Array,
  options: ArchiveWriteOptions = {},
): ReadableStream<Uint8Array> => {
  checkKey(key);
  const seal = async function* () {
    yield* sealArchive(encodeRecords(records), await RecordCipher.create(key, options.primitives), options.signal);
  };
  return byteStream(seal());
};
