import { sha256 } from "@noble/hashes/sha2.js";

const SEGMENT_IDS = 4096;

/**
 * A set of ids of one width that numbers them from zero, with one word of the owner's beside each.
 * It holds the ids themselves, so that no two are ever confused, in typed arrays: 500,000 message ids take 24 MB.
 */
export class IdTable {
  size = 0;
  readonly #words: number;
  readonly #ids: Uint32Array[] = [];
  readonly #values: Uint32Array[] = [];
  #slots = new Int32Array(1024);
  /** Random, so that nobody can prepare ids that all fall into one slot. */
  readonly #seed = crypto.getRandomValues(new Uint32Array(1))[0] as number;
  readonly #wanted: Uint32Array;

  constructor(widthBytes: 16 | 32) {
    this.#words = widthBytes / 4;
    this.#wanted = new Uint32Array(this.#words);
  }

  /** The number of an id, or -1. */
  find(bytes: Uint8Array, start = 0, end = bytes.length): number {
    this.#load(bytes, start, end);
    return (this.#slots[this.#slot(this.#wanted, 0)] as number) - 1;
  }

  /** The number of an id, which is added if it is new; then it is the last. */
  add(bytes: Uint8Array, start = 0, end = bytes.length): number {
    this.#load(bytes, start, end);
    const slot = this.#slot(this.#wanted, 0);
    const found = this.#slots[slot] as number;
    if (found > 0) return found - 1;
    const index = this.size++;
    const at = index % SEGMENT_IDS;
    if (at === 0) {
      this.#ids.push(new Uint32Array(SEGMENT_IDS * this.#words));
      this.#values.push(new Uint32Array(SEGMENT_IDS));
    }
    (this.#ids.at(-1) as Uint32Array).set(this.#wanted, at * this.#words);
    this.#slots[slot] = this.size;
    if (this.size * 2 > this.#slots.length) this.#grow();
    return index;
  }

  value(index: number): number {
    return (this.#values[Math.floor(index / SEGMENT_IDS)] as Uint32Array)[index % SEGMENT_IDS] as number;
  }

  setValue(index: number, value: number): void {
    (this.#values[Math.floor(index / SEGMENT_IDS)] as Uint32Array)[index % SEGMENT_IDS] = value;
  }

  /** Reads an id into words; one of another width is replaced by a hash that no id of this width is likely to be. */
  #load(bytes: Uint8Array, start: number, end: number): void {
    if (end - start !== this.#words * 4) {
      bytes = sha256.create().update(Uint8Array.of(0xff)).update(bytes.subarray(start, end)).digest();
      start = 0;
    }
    for (let i = 0; i < this.#words; i++, start += 4) {
      this.#wanted[i] =
        (bytes[start] as number) |
        ((bytes[start + 1] as number) << 8) |
        ((bytes[start + 2] as number) << 16) |
        ((bytes[start + 3] as number) << 24);
    }
  }

  /** The slot of the id that stands in `words` at `start`, or the empty one where it belongs. */
  #slot(words: Uint32Array, start: number): number {
    let hash = this.#seed;
    for (let i = 0; i < this.#words; i++) {
      hash = Math.imul(hash ^ (words[start + i] as number), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const found = this.#slots[slot] as number;
      if (found === 0 || this.#equals(found - 1, words, start)) return slot;
    }
  }

  #equals(index: number, words: Uint32Array, start: number): boolean {
    const ids = this.#ids[Math.floor(index / SEGMENT_IDS)] as Uint32Array;
    const at = (index % SEGMENT_IDS) * this.#words;
    for (let i = 0; i < this.#words; i++) if (ids[at + i] !== words[start + i]) return false;
    return true;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let index = 0; index < this.size; index++) {
      const ids = this.#ids[Math.floor(index / SEGMENT_IDS)] as Uint32Array;
      this.#slots[this.#slot(ids, (index % SEGMENT_IDS) * this.#words)] = index + 1;
    }
  }
}
