import type { Pace } from "../util/pace.ts";
import { release } from "../util/release.ts";
import { type BatchLayout, contentBlocks, TAG_BYTES } from "./batchLayout.ts";
import { Ghash } from "./ghash.ts";
import type { NonceCounter } from "./nonceCounter.ts";
import type { Aes256, ArchivePrimitives, RecordGcm } from "./archivePrimitives.ts";

/** How much is encrypted at a time, so that one large record does not hold the event loop. */
const DEFAULT_PART_BYTES = 32_768;

/** A view of whole words, copied only if it does not stand on a word's boundary. */
const aligned = (bytes: Uint8Array): Uint8Array =>
  (bytes.byteOffset & 3) === 0 ? new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length) : new Uint8Array(bytes);

/** The words of bytes that stand on a word's boundary. */
export const wordsOf = (bytes: Uint8Array): Uint32Array =>
  new Uint32Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length >>> 2);

/** A platform's calls for one record, from the length on where they are faster than batches with the portable AES. */
export const besidePortable = (gcm: RecordGcm, isInWasm: boolean): RecordGcm => ({
  ...gcm,
  fromBytes: (isInWasm ? gcm.fromBytesInWasm : undefined) ?? gcm.fromBytes,
});

/** AES-256-GCM over batches of records under one key. */
export class RecordCipher {
  readonly aes: Aes256;
  /** What long records are opened and sealed with, one by one, where the platform has it. */
  readonly gcm: RecordGcm | undefined;
  /** Used again, so that a batch does not leave it behind. */
  #counters = new Uint32Array();
  #ghash: Ghash | undefined;

  constructor(aes: Aes256, gcm?: RecordGcm) {
    this.aes = aes;
    this.gcm = gcm;
  }

  static async create(key: Uint8Array, primitives: ArchivePrimitives = {}): Promise<RecordCipher> {
    // At once: the caller may overwrite the key meanwhile.
    const gcm = primitives.recordGcm?.(key);
    const own = primitives.aes256?.(key);
    if (own !== undefined) return new RecordCipher(own, gcm);
    // Where a platform brings its own, the portable one is never loaded.
    const aes = await (await import("./portableAes256.ts")).portableAes256(key);
    return new RecordCipher(aes, gcm && besidePortable(gcm, aes.isInWasm));
  }

  /** GHASH under this key. */
  get ghash(): Ghash {
    this.#ghash ??= new Ghash(this.aes.encryptBlocks(new Uint8Array(TAG_BYTES)));
    return this.#ghash;
  }

  /**
   * The key stream of a whole batch in one piece: under each record's content what encrypts it, under its tag what masks it.
   * The nonce moves on by one per record, unless `isConstant`.
   */
  async keyStream(batch: BatchLayout, nonce: NonceCounter, isConstant: boolean, pace: Pace): Promise<Uint8Array> {
    if (this.#counters.length * 4 < batch.length) this.#counters = new Uint32Array(batch.length >>> 2);
    const counters = this.#counters;
    let at = 0;
    for (const length of batch.lengths) {
      at = nonce.writeCounterBlocks(counters, at, contentBlocks(length));
      if (!isConstant) nonce.increment();
    }
    const blocks = new Uint8Array(counters.buffer, 0, batch.length);
    const { partBytes = DEFAULT_PART_BYTES } = this.aes;
    if (blocks.length <= partBytes) return aligned(this.aes.encryptBlocks(blocks));
    const keyStream = new Uint8Array(blocks.length);
    for (let from = 0; from < blocks.length; from += partBytes) {
      const part = this.aes.encryptBlocks(blocks.subarray(from, from + partBytes));
      keyStream.set(part, from);
      release(part);
      await pace.rest();
    }
    return keyStream;
  }
}

/** Adds `mask` to every tag of the batch. */
export const maskTags = (batch: BatchLayout, mask: Uint8Array): void => {
  const into = batch.words;
  const from = wordsOf(mask);
  for (let index = 0; index < batch.starts.length; index++) {
    const at = batch.tagOffset(index) >>> 2;
    for (let i = at; i < at + 4; i++) into[i] = (into[i] as number) ^ (from[i] as number);
  }
};

/** Adds `count` words to others. */
export const addWords = (into: Uint32Array, words: Uint32Array, count: number): void => {
  for (let i = 0; i < count; i++) into[i] = (into[i] as number) ^ (words[i] as number);
};
