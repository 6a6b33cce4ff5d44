import { type ArchiveRecord, type ArchiveWriteOptions, readArchive, writeArchive } from "../src/index.ts";
import type { ArchiveReadOptions } from "../src/index.ts";

export const testKey = Uint8Array.from({ length: 32 }, (_, at) => at * 7 + 1);

export const collect = async (stream: ReadableStream<Uint8Array>): Promise<Uint8Array> =>
  new Uint8Array(await new Response(stream).arrayBuffer());

export const write = (records: Iterable<ArchiveRecord>, key = testKey, options?: ArchiveWriteOptions): Promise<Uint8Array> =>
  collect(writeArchive(records, key, options));

export const toBlob = (bytes: Uint8Array): Blob => new Blob([bytes]);

/** All records but the empty ones, which a writer adds where it must. */
export const read = async (archive: Blob | Uint8Array, key = testKey, options?: ArchiveReadOptions): Promise<ArchiveRecord[]> => {
  const records: ArchiveRecord[] = [];
  for await (const record of readArchive(archive instanceof Blob ? archive : toBlob(archive), key, options)) {
    if (record.kind !== "none" || record.unknownFields !== undefined) records.push(record);
  }
  return records;
};
