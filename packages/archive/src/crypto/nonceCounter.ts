/** Length of an AES-GCM nonce. */
export const NONCE_BYTES = 12;

/** The archive's nonce: a 96-bit little-endian counter, one step per record. */
export class NonceCounter {
  readonly #words = new Uint32Array(3);

  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, NONCE_BYTES);
    for (let i = 0; i < 3; i++) this.#words[i] = view.getUint32(i * 4, true);
  }

  clone(): NonceCounter {
    const copy = new NonceCounter(new Uint8Array(NONCE_BYTES));
    copy.#words.set(this.#words);
    return copy;
  }

  /** A copy of the nonce as bytes. Words are little-endian, as in every JavaScript engine of today. */
  toBytes(): Uint8Array {
    return new Uint8Array(this.#words.slice().buffer);
  }

  increment(): void {
    const words = this.#words;
    for (let i = 0; i < 3; i++) {
      const next = ((words[i] as number) + 1) >>> 0;
      words[i] = next;
      if (next !== 0) return;
    }
  }

  /**
   * Writes the counter blocks of one record: `count` blocks for its content, one that is not used, one for its tag.
   */
  writeCounterBlocks(into: Uint32Array, at: number, count: number): number {
    const [a, b, c] = this.#words as unknown as [number, number, number];
    for (let block = 2; block < count + 4; block++) {
      // The block counter is big-endian; the tag's is 1 and stands last.
      const counter = block === count + 3 ? 1 : block;
      into[at++] = a;
      into[at++] = b;
      into[at++] = c;
      into[at++] =
        counter < 0x100
          ? counter << 24
          : ((counter & 0xff) << 24) | ((counter & 0xff00) << 8) | ((counter >> 8) & 0xff00) | (counter >>> 24);
    }
    return at;
  }
}
