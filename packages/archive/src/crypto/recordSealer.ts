import type { Pace } from "../util/pace.ts";
import { release } from "../util/release.ts";
import { BatchLayout, TAG_BYTES } from "./batchLayout.ts";
import { isForEach, sealEach } from "./eachRecord.ts";
import { NonceCounter } from "./nonceCounter.ts";
import { wasmGhash } from "./wasmGhash.ts";
import { addWords, maskTags, type RecordCipher, wordsOf } from "./recordCipher.ts";

/** Work of that many bytes may hold the event loop. */
const SLICE_BYTES = 524_288;

/** Seals the records of one archive, a batch at a time and in order. */
export class RecordSealer {
  readonly #cipher: RecordCipher;
  readonly #nonce: NonceCounter;
  readonly #pace: Pace;
  /** Both are used again, so that a batch does not leave them behind. */
  readonly #batch = new BatchLayout(SLICE_BYTES);
  #sealed = new Uint8Array();
  #plaintextBytes = 0;

  constructor(cipher: RecordCipher, nonce: Uint8Array, pace: Pace) {
    this.#cipher = cipher;
    this.#nonce = new NonceCounter(nonce);
    this.#pace = pace;
  }

  /** What the records take that were added since the last {@link RecordSealer.seal}. */
  get pendingBytes(): number {
    return this.#batch.length;
  }

  /** Adds a copy of a plaintext to the batch. */
  add(plaintext: Uint8Array): void {
    const start = this.#batch.add(plaintext.length);
    this.#batch.bytes.set(plaintext, start);
    this.#plaintextBytes += plaintext.length;
  }

  /** Encrypts the batch and frames its records: length, ciphertext, tag. The result holds until the next call. */
  async seal(): Promise<Uint8Array> {
    const batch = this.#batch;
    const { gcm } = this.#cipher;
    if (gcm !== undefined && isForEach(gcm, batch)) await sealEach(gcm, batch, this.#nonce, this.#pace);
    else await this.#sealTogether();
    const sealed = this.#frame();
    batch.clear();
    this.#plaintextBytes = 0;
    return sealed;
  }

  async #sealTogether(): Promise<void> {
    const batch = this.#batch;
    const keyStream = await this.#cipher.keyStream(batch, this.#nonce, false, this.#pace);
    addWords(batch.words, wordsOf(keyStream), batch.length >>> 2);
    await this.#authenticate();
    maskTags(batch, keyStream);
    release(keyStream);
  }

  /** Gives the memory back; nothing can be sealed afterwards. */
  end(): void {
    release(this.#batch.bytes);
    release(this.#sealed);
  }

  /** Puts each record's GHASH where its tag stands. */
  async #authenticate(): Promise<void> {
    const batch = this.#batch;
    const { ghash } = this.#cipher;
    for (let index = 0; index < batch.starts.length; index++) batch.fillUp(index);
    const inWasm = await wasmGhash();
    let sinceRest = 0;
    for (let index = 0; index < batch.starts.length; ) {
      const next = inWasm?.(ghash.tables, batch, index) ?? index;
      const start = batch.starts[index] as number;
      // One after another where there is no WebAssembly, and no room for a record.
      if (next === index) this.#hash(index++);
      else index = next;
      if ((sinceRest += batch.tagOffset(index - 1) - start) < SLICE_BYTES) continue;
      await this.#pace.rest();
      sinceRest = 0;
    }
  }

  #hash(index: number): void {
    const { words, starts, lengths } = this.#batch;
    const tag = this.#batch.tagOffset(index) >>> 2;
    // The state stays zero over the only block of an empty record.
    if (lengths[index] !== 0) this.#cipher.ghash.hashInto(words, (starts[index] as number) >>> 2, tag, words, tag);
  }

  #frame(): Uint8Array {
    const { bytes, starts, lengths } = this.#batch;
    const sealedBytes = this.#plaintextBytes + starts.length * (4 + TAG_BYTES);
    if (this.#sealed.length < sealedBytes) this.#sealed = new Uint8Array(sealedBytes);
    const sealed = this.#sealed;
    let at = 0;
    for (let index = 0; index < starts.length; index++) {
      const start = starts[index] as number;
      const length = lengths[index] as number;
      const framed = length + TAG_BYTES;
      sealed[at++] = framed;
      sealed[at++] = framed >>> 8;
      sealed[at++] = framed >>> 16;
      sealed[at++] = framed >>> 24;
      if (length > 0) sealed.set(bytes.subarray(start, start + length), at);
      at += length;
      const tag = this.#batch.tagOffset(index);
      for (let i = 0; i < TAG_BYTES; i++) sealed[at++] = bytes[tag + i] as number;
    }
    return sealed.subarray(0, sealedBytes);
  }
}
