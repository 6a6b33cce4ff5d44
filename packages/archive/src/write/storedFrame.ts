/** A file is refilled so much at a time by the importer; every zstd block ends where a refill does. */
const REFILL_BYTES = 8192;
const BLOCK_HEADER_BYTES = 3;
/** Magic number, no optional fields, and a window of 128 KB. */
const frameHeader = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38];

/** Writes one zstd frame of stored blocks, since ciphertext does not compress. */
export class StoredFrame {
  /** The block that is being filled, with what stands before it. */
  readonly #block = new Uint8Array(REFILL_BYTES);
  /** Where its header stands, and how far it is filled. */
  #start: number;
  #length: number;

  /** `start` is what stands in the file before the frame. */
  constructor(start: Uint8Array) {
    this.#block.set(start);
    this.#block.set(frameHeader, start.length);
    this.#start = start.length + frameHeader.length;
    this.#length = this.#start + BLOCK_HEADER_BYTES;
  }

  /** Takes content; returns the blocks of the file that are complete. */
  push(content: Uint8Array): Uint8Array {
    // A full block is closed only when more follows, since the last one is marked.
    const beyond = content.length - (REFILL_BYTES - this.#length);
    const out = new Uint8Array(Math.max(0, Math.ceil(beyond / (REFILL_BYTES - BLOCK_HEADER_BYTES))) * REFILL_BYTES);
    let outLength = 0;
    for (let at = 0; at < content.length; ) {
      if (this.#length === REFILL_BYTES) {
        out.set(this.#close(false), outLength);
        outLength += REFILL_BYTES;
      }
      const part = content.subarray(at, at + REFILL_BYTES - this.#length);
      this.#block.set(part, this.#length);
      this.#length += part.length;
      at += part.length;
    }
    return out;
  }

  /** The last block. */
  end(): Uint8Array {
    return this.#close(true).slice();
  }

  #close(isLast: boolean): Uint8Array {
    const block = this.#block.subarray(0, this.#length);
    const header = ((this.#length - this.#start - BLOCK_HEADER_BYTES) << 3) | (isLast ? 1 : 0);
    block.set([header & 0xff, (header >> 8) & 0xff, header >> 16], this.#start);
    this.#start = 0;
    this.#length = BLOCK_HEADER_BYTES;
    return block;
  }
}
