import { BatchLayout, TAG_BYTES } from "../crypto/batchLayout.ts";
import { ArchiveError } from "../model/archiveError.ts";
import type { DecodedPiece } from "../zstd/frameDecoder.ts";

/** A batch is opened when it holds this much. */
const BATCH_BYTES = 262_144;
/** A batch that grew past this for a large record is given back. */
const KEEP_BYTES = 4 * BATCH_BYTES;

/** Below this many bytes a loop is faster than a view and a call. */
const LOOP_BYTES = 64;

const copy = (from: Uint8Array, start: number, count: number, into: Uint8Array, at: number): void => {
  if (count > LOOP_BYTES) into.set(from.subarray(start, start + count), at);
  else for (let i = 0; i < count; i++) into[at + i] = from[start + i] as number;
};

/** Cuts the decoded bytes into sealed records and lays them out in batches. */
export class RecordFramer {
  batch = new BatchLayout(BATCH_BYTES * 1.25);
  /** Where in the file each record of the batch begins. */
  byteOffsets: number[] = [];
  #recordIndex = 0;
  #prefix = 0;
  #prefixBytes = 0;
  #byteOffset = 0;
  #contentLeft = 0;
  #tagLeft = 0;
  #at = 0;
  readonly #maxRecordBytes: number;

  constructor(maxRecordBytes: number) {
    this.#maxRecordBytes = maxRecordBytes;
  }

  /** Index in the archive of the batch's first record. */
  get firstIndex(): number {
    return this.#recordIndex - this.byteOffsets.length;
  }

  get isEmpty(): boolean {
    return this.byteOffsets.length === 0;
  }

  /** Takes bytes from `at` on until they end or a batch is full; returns how far it came. */
  push({ bytes, byteOffset, stored }: DecodedPiece, at: number): number {
    while (at < bytes.length) {
      if (this.#prefixBytes < 4) {
        if (this.#prefixBytes === 0) this.#byteOffset = stored ? byteOffset + at : byteOffset;
        // The length is little-endian.
        this.#prefix = (this.#prefix >>> 8) | ((bytes[at++] as number) << 24);
        if (++this.#prefixBytes === 4) this.#begin(this.#prefix >>> 0);
        continue;
      }
      const inContent = this.#contentLeft > 0;
      const take = Math.min(bytes.length - at, inContent ? this.#contentLeft : this.#tagLeft);
      copy(bytes, at, take, this.batch.bytes, this.#at);
      at += take;
      this.#at += take;
      if (inContent) {
        this.#contentLeft -= take;
        if (this.#contentLeft === 0) this.#at = this.batch.length - TAG_BYTES;
        continue;
      }
      this.#tagLeft -= take;
      if (this.#tagLeft > 0) continue;
      this.#prefix = this.#prefixBytes = 0;
      this.#recordIndex++;
      this.byteOffsets.push(this.#byteOffset);
      if (this.batch.length >= BATCH_BYTES) break;
    }
    return at;
  }

  get isFull(): boolean {
    return this.batch.length >= BATCH_BYTES && this.#prefixBytes === 0;
  }

  /** Starts the next batch. */
  clear(): void {
    this.byteOffsets = [];
    if (this.batch.bytes.length > KEEP_BYTES) this.batch = new BatchLayout(BATCH_BYTES * 1.25);
    else this.batch.clear();
  }

  /** Forgets a record that has begun and not ended; returns whether there was one. */
  dropPartial(): boolean {
    if (this.batch.starts.length > this.byteOffsets.length) this.batch.drop();
    return this.#prefixBytes > 0;
  }

  /** An error that points at the record which is being read. */
  damaged(message: string): ArchiveError {
    return new ArchiveError("ARCHIVE_DAMAGED", message, { byteOffset: this.#byteOffset, recordIndex: this.#recordIndex });
  }

  #begin(length: number): void {
    if (length < TAG_BYTES) throw this.damaged("a record is too short to be one");
    if (length > this.#maxRecordBytes) {
      throw this.damaged(`a record claims ${length} bytes, over the limit of ${this.#maxRecordBytes}`);
    }
    this.#contentLeft = length - TAG_BYTES;
    this.#tagLeft = TAG_BYTES;
    const start = this.batch.add(this.#contentLeft);
    this.#at = this.#contentLeft > 0 ? start : this.batch.length - TAG_BYTES;
  }
}
