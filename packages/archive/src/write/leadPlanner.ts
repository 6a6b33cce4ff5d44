import { ArchiveError } from "../model/archiveError.ts";

/** What a record takes in the archive besides its plaintext: a length of four bytes and a tag of sixteen. */
export const FRAMING_BYTES = 20;

/** An importer asks for this many decoded bytes at a time. */
const READ_BYTES = 1024;
/** Of as many reads in a row, one may fall short, to as little as one byte. The first one that may is the last of them. */
const READS_PER_SHORT_ONE = 8;
/** Lead that every record leaves, so that an empty record can be read even where a read falls short. */
const RESERVE_BYTES = 32;

/** Bytes that an importer has read at the least after so many reads. */
const leastBytesAfter = (reads: number): number => reads * READ_BYTES - Math.floor(reads / READS_PER_SHORT_ONE) * (READ_BYTES - 1);

/**
 * Makes an archive safe to import from a file.
 *
 * An importer hangs if it must read twice for one record (docs/sdk-facts.md#import-hangs-on-1kb). So it must hold every record
 * whole after its first read. Small records give it that lead. Before a record that is too large the plan has empty records
 * (docs/sdk-facts.md#empty-records-are-skipped): each takes 20 bytes and gives a lead of about 1,000.
 *
 * The reads that may fall short are those at which the file is refilled (8 KB at a time) or a zstd block ends. The writer lets both fall
 * on the same places. The plan holds for any places that are at least seven reads apart.
 */
export class LeadPlanner {
  #reads = 0;
  #writtenBytes = 0;

  /** How many empty records must stand before a record with that much plaintext, which is then counted as written. */
  emptyRecordsBefore(plaintextBytes: number): number {
    const bytes = plaintextBytes + FRAMING_BYTES;
    // Nothing can give a lead before the metadata; but the first read never falls short.
    if (this.#reads === 0 && bytes > READ_BYTES) {
      const message = `the metadata takes ${bytes} bytes, over the limit of ${READ_BYTES}`;
      throw new ArchiveError("ARCHIVE_INVALID_RECORD", message, { recordIndex: 0 });
    }
    let count = 0;
    while (this.#reads > 0 && leastBytesAfter(this.#reads + 1) < this.#writtenBytes + bytes + RESERVE_BYTES) {
      this.#count(FRAMING_BYTES);
      count++;
    }
    this.#count(bytes);
    return count;
  }

  #count(bytes: number): void {
    this.#reads++;
    this.#writtenBytes += bytes;
  }
}
