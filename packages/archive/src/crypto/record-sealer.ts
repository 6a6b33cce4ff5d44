import type { Pace } from "../pace.ts";
import { BatchLayout, contentBlocks, TAG_BYTES } from "./batch-layout.ts";
import { NonceCounter } from "./nonce.ts";
import type { Ghash } from "./portable.ts";
import { type RecordCipher, tagOffset } from "./record-cipher.ts";

const encrypt = ({ bytes }: BatchLayout, keyStream: Uint8Array, start: number, length: number): void => {
  const end = start + contentBlocks(length) * TAG_BYTES;
  const content = new Uint32Array(bytes.buffer as ArrayBuffer, start, (end - start) >>> 2);
  const key = new Uint32Array(keyStream.buffer as ArrayBuffer, keyStream.byteOffset + start, content.length);
  for (let i = 0; i < content.length; i++) content[i] = (content[i] as number) ^ (key[i] as number);
  bytes.fill(0, start + length, end);
};

const authenticate = (ghash: Ghash, { bytes }: BatchLayout, keyStream: Uint8Array, start: number, tag: number): void => {
  ghash.digestInto(bytes.subarray(start, tag), bytes.subarray(tag, tag + TAG_BYTES));
  for (let i = tag; i < tag + TAG_BYTES; i++) bytes[i] = (bytes[i] as number) ^ (keyStream[i] as number);
};

/** Seals the records of one archive, a batch at a time and in order. */
export class RecordSealer {
  readonly #cipher: RecordCipher;
  readonly #nonce: NonceCounter;
  readonly #pace: Pace;

  constructor(cipher: RecordCipher, nonce: Uint8Array, pace: Pace) {
    this.#cipher = cipher;
    this.#nonce = new NonceCounter(nonce);
    this.#pace = pace;
  }

  /** Encrypts plaintexts and frames them: length, ciphertext, tag. */
  async seal(plaintexts: readonly Uint8Array[], totalBytes: number): Promise<Uint8Array> {
    const batch = new BatchLayout(totalBytes + plaintexts.length * 3 * TAG_BYTES);
    for (const plaintext of plaintexts) batch.bytes.set(plaintext, batch.add(plaintext.length));
    const keyStream = await this.#cipher.keyStream(batch, this.#nonce, false, this.#pace);
    const ghash = await this.#cipher.ghash(totalBytes);
    const sealed = new Uint8Array(totalBytes + plaintexts.length * (4 + TAG_BYTES));
    const view = new DataView(sealed.buffer);
    let at = 0;
    for (let index = 0; index < plaintexts.length; index++) {
      const start = batch.starts[index] as number;
      const length = batch.lengths[index] as number;
      encrypt(batch, keyStream, start, length);
      authenticate(ghash, batch, keyStream, start, tagOffset(batch, index));
      view.setUint32(at, length + TAG_BYTES, true);
      sealed.set(batch.bytes.subarray(start, start + length), at + 4);
      sealed.set(batch.bytes.subarray(tagOffset(batch, index), tagOffset(batch, index) + TAG_BYTES), at + 4 + length);
      at += 4 + length + TAG_BYTES;
      if (length > 65_536) await this.#pace.rest();
    }
    return sealed;
  }
}
