/** What was decoded last, as far back as a block may refer to, in one buffer into which blocks are decoded. */
export class DecoderWindow {
  readonly #windowBytes: number;
  readonly #blockBytes: number;
  buffer = new Uint8Array();
  length = 0;

  constructor(windowBytes: number, blockBytes: number) {
    this.#windowBytes = windowBytes;
    this.#blockBytes = blockBytes;
  }

  /** Adds at most a block's worth of bytes. */
  push(bytes: Uint8Array): void {
    this.makeRoom(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Makes room behind the window; what stands before the window is given up for it. */
  makeRoom(bytes = this.#blockBytes): void {
    if (this.length + bytes <= this.buffer.length) return;
    if (this.length > 2 * this.#windowBytes) {
      this.buffer.copyWithin(0, this.length - this.#windowBytes, this.length);
      this.length = this.#windowBytes;
    }
    if (this.length + bytes <= this.buffer.length) return;
    const larger = new Uint8Array(Math.min(2 * this.#windowBytes, 2 * this.length) + 2 * this.#blockBytes);
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }
}
