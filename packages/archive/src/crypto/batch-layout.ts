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
  /** Where each record's content begins. */
  readonly starts: number[] = [];
  /** How long each record's content is, without its tag. */
  readonly lengths: number[] = [];
  length = 0;

  constructor(capacityBytes: number) {
    this.bytes = new Uint8Array(capacityBytes);
  }

  /** Makes room for a record and fills in its length block. */
  add(contentBytes: number): number {
    const start = this.length;
    const length = start + laidOutBytes(contentBytes);
    if (length > this.bytes.length) {
      const larger = new Uint8Array(Math.max(length, this.bytes.length * 2));
      larger.set(this.bytes.subarray(0, start));
      this.bytes = larger;
    }
    this.length = length;
    this.bytes.fill(0, start + contentBytes, length);
    // AES-GCM authenticates the length in bits, big-endian.
    const end = length - 2 * BLOCK_BYTES + 8;
    const view = new DataView(this.bytes.buffer);
    view.setUint32(end, Math.floor(contentBytes / 0x2000_0000));
    view.setUint32(end + 4, (contentBytes << 3) >>> 0);
    this.starts.push(start);
    this.lengths.push(contentBytes);
    return start;
  }

  /** The batch, lengthened by zero bytes. */
  padded(length: number): Uint8Array {
    if (this.bytes.length < length) {
      const larger = new Uint8Array(length);
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
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
