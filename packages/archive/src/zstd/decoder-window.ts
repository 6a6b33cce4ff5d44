/** What was decoded last, as far back as a block may refer to, in one buffer into which blocks are decoded. */
export class DecoderWindow {
  readonly #windowBytes: number;
  readonly #blockBytes: number;
  /** Decoded bytes that are not in the buffer yet: most archives never need them there. */
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  buffer = new Uint8Array();
  length = 0;

  constructor(windowBytes: number, blockBytes: number) {
    this.#windowBytes = windowBytes;
    this.#blockBytes = blockBytes;
  }

  push(bytes: Uint8Array): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes <= 2 * this.#windowBytes + this.#blockBytes) return;
    while (this.#pendingBytes - (this.#pending[0] as Uint8Array).length >= this.#windowBytes) {
      this.#pendingBytes -= (this.#pending.shift() as Uint8Array).length;
    }
  }

  /** Brings all that is pending into the buffer, and leaves room for a block behind it. */
  prepare(): void {
    for (const bytes of this.#pending) {
      for (let at = 0; at < bytes.length; at += this.#blockBytes) {
        const part = bytes.subarray(at, at + this.#blockBytes);
        this.#makeRoom();
        this.buffer.set(part, this.length);
        this.length += part.length;
      }
    }
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#makeRoom();
  }

  #makeRoom(): void {
    if (this.length + this.#blockBytes <= this.buffer.length) return;
    if (this.length > 2 * this.#windowBytes) {
      this.buffer.copyWithin(0, this.length - this.#windowBytes, this.length);
      this.length = this.#windowBytes;
    }
    if (this.length + this.#blockBytes <= this.buffer.length) return;
    const larger = new Uint8Array(Math.min(2 * this.#windowBytes, 2 * this.length) + 2 * this.#blockBytes);
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }
}
