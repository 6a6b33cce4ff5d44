import type { Pace } from "../util/pace.ts";
import { type BatchLayout, TAG_BYTES } from "./batchLayout.ts";
import { NonceCounter } from "./nonceCounter.ts";
import { isForEach, openEach } from "./eachRecord.ts";
import type { Ghash } from "./ghash.ts";
import { addWords, maskTags, type RecordCipher, wordsOf } from "./recordCipher.ts";

/** Batches are padded to a multiple of this, so that few reference tags are needed. */
const PADDING_BYTES = 65_536;

/** The plaintexts of a batch. */
export type OpenedRecords = {
  /** What they share, if they share any. */
  memory: Uint8Array | undefined;
  /** Views of some of them, or of all. They are made when they are asked for: a batch can have thousands, which would outlive their use. */
  records(from?: number, end?: number): Uint8Array[];
};

/** Thrown for the first record of a batch that is not authentic. */
export class OpenFailure extends Error {
  /** Index in the batch. */
  readonly index: number;
  /** Whether the key opened some other record of the archive, so that it is the right one. */
  readonly isKeyRight: boolean;

  constructor(index: number, isKeyRight: boolean) {
    super("not authentic");
    this.index = index;
    this.isKeyRight = isKeyRight;
  }
}

const opens = (ghash: Ghash, batch: BatchLayout, index: number): boolean => {
  const tag = batch.tagOffset(index) >>> 2;
  const state = new Uint32Array(4);
  ghash.hashInto(batch.words, (batch.starts[index] as number) >>> 2, tag, state, 0);
  return state.every((word, at) => word === batch.words[tag + at]);
};

const firstForged = (ghash: Ghash, batch: BatchLayout): number => {
  let index = 0;
  while (index < batch.starts.length && opens(ghash, batch, index)) index++;
  return index;
};

const opensAfter = (ghash: Ghash, batch: BatchLayout, index: number): boolean => {
  while (++index < batch.starts.length) if (opens(ghash, batch, index)) return true;
  return false;
};

/**
 * Opens the records of one archive, a batch at a time and in order.
 *
 * The platform may open long records faster one by one: then a batch of them is opened so. A batch that does not open whole in this way
 * is opened together, which names the record at fault.
 *
 * A single GHASH over all of its records authenticates a batch that is opened together. It hashes each record's content in whole blocks,
 * its length block, and its tag with the mask taken off. The state of GHASH is zero after every authentic record, because the tag without
 * its mask *is* the state that it is added to. So the next record starts from zero, as a single record does. For any other batch the last
 * state is a polynomial in the hash key. It is not the zero polynomial, because every block has its own power. With n blocks it vanishes
 * with a probability of at most n / 2^128, which is AES-GCM's own bound.
 */
export class RecordOpener {
  readonly #cipher: RecordCipher;
  readonly #firstNonce: NonceCounter;
  readonly #pace: Pace;
  readonly #references = new Map<number, Uint8Array>();
  #nonce: NonceCounter;
  #recordIndex = 0;
  /** Whether this is an old archive, whose records all have the same nonce. */
  isLegacy = false;

  constructor(cipher: RecordCipher, nonce: Uint8Array, pace: Pace) {
    this.#cipher = cipher;
    this.#pace = pace;
    this.#firstNonce = new NonceCounter(nonce);
    this.#nonce = this.#firstNonce.clone();
  }

  /** Opens a batch; the plaintexts have new memory, which they may share. The batch may be cleared when no more of them are asked for. */
  async open(batch: BatchLayout): Promise<OpenedRecords> {
    const each = await this.#openEach(batch);
    if (each !== undefined) return { memory: undefined, records: (from, end) => each.slice(from, end) };
    const memory = await this.#openTogether(batch);
    const { starts, lengths } = batch;
    const records: OpenedRecords["records"] = (from = 0, end) =>
      starts.slice(from, end).map((start, index) => memory.subarray(start, start + (lengths[from + index] as number)));
    return { memory, records };
  }

  /** The plaintexts, each in memory of its own; undefined where that is no way to open the batch. */
  async #openEach(batch: BatchLayout): Promise<Uint8Array[] | undefined> {
    const { gcm } = this.#cipher;
    if (gcm === undefined || !isForEach(gcm, batch)) return undefined;
    const nonce = this.#nonce.clone();
    try {
      const records = await openEach(gcm, batch, nonce, this.isLegacy, this.#pace);
      this.#moveOn(batch, nonce);
      return records;
    } catch {
      this.#pace.throwIfAborted();
      return undefined;
    }
  }

  async #openTogether(batch: BatchLayout): Promise<Uint8Array> {
    const nonce = this.#nonce.clone();
    const keyStream = await this.#cipher.keyStream(batch, nonce, this.isLegacy, this.#pace);
    maskTags(batch, keyStream);
    if (!(await this.#isAuthentic(batch))) {
      const { ghash } = this.#cipher;
      const index = firstForged(ghash, batch);
      // The second record tells an old archive from a damaged one.
      const isSecond = this.#recordIndex + index === 1;
      if (isSecond && !this.isLegacy && this.#opensWithFirstNonce(ghash, batch, index, keyStream)) {
        this.isLegacy = true;
        this.#nonce = this.#firstNonce.clone();
        maskTags(batch, keyStream);
        return this.#openTogether(batch);
      }
      const isKeyRight = this.#recordIndex + index > 0 || opensAfter(ghash, batch, index);
      throw new OpenFailure(index, isKeyRight);
    }
    this.#moveOn(batch, nonce);
    addWords(wordsOf(keyStream), batch.words, batch.length >>> 2);
    return keyStream;
  }

  #moveOn(batch: BatchLayout, nonce: NonceCounter): void {
    this.#nonce = nonce;
    this.#recordIndex += batch.starts.length;
  }

  async #isAuthentic(batch: BatchLayout): Promise<boolean> {
    const authenticate = this.#cipher.aes.authenticate;
    if (authenticate === undefined) {
      const state = new Uint32Array(4);
      this.#cipher.ghash.hashInto(batch.words, 0, batch.length >>> 2, state, 0);
      return state.every((word) => word === 0);
    }
    // Zero blocks leave a zero state as it is: an authentic batch has the tag of as many zero bytes.
    const padded = Math.ceil(batch.length / PADDING_BYTES) * PADDING_BYTES;
    const tag = await authenticate(batch.padded(padded));
    let reference = this.#references.get(padded);
    if (reference === undefined) this.#references.set(padded, (reference = await authenticate(new Uint8Array(padded))));
    return tag.every((byte, at) => byte === reference[at]);
  }

  /** Whether the record opens if the counter has not moved since the first record. */
  #opensWithFirstNonce(ghash: Ghash, batch: BatchLayout, index: number, keyStream: Uint8Array): boolean {
    const counters = new Uint32Array(8);
    this.#firstNonce.writeCounterBlocks(counters, 0, 0);
    const mask = this.#cipher.aes.encryptBlocks(new Uint8Array(counters.buffer)).subarray(TAG_BYTES);
    const tag = batch.tagOffset(index);
    const change = () => {
      for (let i = 0; i < TAG_BYTES; i++) {
        const byte = (batch.bytes[tag + i] as number) ^ (mask[i] as number) ^ (keyStream[tag + i] as number);
        batch.bytes[tag + i] = byte;
      }
    };
    change();
    const result = opens(ghash, batch, index);
    change();
    return result;
  }
}
