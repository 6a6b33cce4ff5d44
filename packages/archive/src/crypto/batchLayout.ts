/** Length of an AES-GCM tag, which ends every record. */
export const TAG_BYTES = 16;
const BLOCK_BYTES = 16;

/** Blocks that a record's content takes. */
export const contentBlocks = (contentBytes: number): number => (contentBytes + BLOCK_BYTES - 1) >>> 4;

/** Bytes that a record takes in a batch: its content in whole blocks, a block for its length, one for its tag. */
export const laidOutBytes = (contentBytes: number): number => (contentBlocks(contentBytes) + 2) * BLOCK_BYTES;

/** Records of one batch, laid out as GHASH hashes them. */
export class BatchLayout {
  /** Contents in whole blocks, each followed by its length block and its tag. */
  bytes: Uint8Array;
  /** The same memory by words. */
  words: Uint32Array;
  /** Where each record's content begins. */
  readonly starts: number[] = [];
  /** How long each record's content is, without its tag. */
  readonly lengths: number[] = [];
  length = 0;

  constructor(capacityBytes: number) {
    this.bytes = new Uint8Array(capacityBytes);
    this.words = new Uint32Array(this.bytes.buffer);
  }

  /** Makes room for a record and fills in its length block. */
  add(contentBytes: number): number {
    const start = this.length;
    const length = start + laidOutBytes(contentBytes);
    if (length > this.bytes.length) this.#grow(Math.max(length, this.bytes.length * 2));
    this.length = length;
    this.starts.push(start);
    this.lengths.push(contentBytes);
    this.fillUp(this.starts.length - 1);
    return start;
  }

  /** Makes what follows a record's content as it must be: zero up to the block's end, then the length block. */
  fillUp(index: number): void {
    const contentBytes = this.lengths[index] as number;
    const tag = this.tagOffset(index);
    this.bytes.fill(0, (this.starts[index] as number) + contentBytes, tag + TAG_BYTES);
    // AES-GCM authenticates the length in bits, big-endian; records are far shorter than 512 MB.
    const bits = contentBytes * 8;
    this.words[(tag >>> 2) - 1] = (bits << 24) | ((bits & 0xff00) << 8) | ((bits >>> 8) & 0xff00) | (bits >>> 24);
  }

  /** Where a record's tag stands. */
  tagOffset(index: number): number {
    return (this.starts[index + 1] ?? this.length) - TAG_BYTES;
  }

  #grow(bytes: number): void {
    const larger = new Uint8Array(bytes);
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.words = new Uint32Array(larger.buffer);
  }

  /** The batch, lengthened by zero bytes. */
  padded(length: number): Uint8Array {
    if (this.bytes.length < length) this.#grow(length);
    this.bytes.fill(0, this.length, length);
    return this.bytes.subarray(0, length);
  }

  /** Takes the last record out again. */
  drop(): void {
    this.length = this.starts.pop() ?? 0;
    this.lengths.pop();
  }

  clear(): void {
    this.length = 0;
    this.starts.length = 0;
    this.lengths.length = 0;
  }
}
