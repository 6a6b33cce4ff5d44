import { sha256 } from "@noble/hashes/sha2.js";
import { release } from "../util/release.ts";

const SEGMENT_IDS = 4096;
/** A table is as many small ones, each of which grows alone: so no growth takes long, however many ids there are. */
const SHARDS = 64;
const SHARD_BITS = 6;

/**
 * A set of ids of one width that numbers them from zero, with one word of the owner's beside each.
 * It holds the ids themselves, so that no two are ever confused, in typed arrays: 500,000 message ids take 24 MB.
 */
export class IdTable {
  size = 0;
  readonly #words: number;
  readonly #ids: Uint32Array[] = [];
  readonly #values: Uint32Array[] = [];
  /** The number of an id plus one in the slot where it belongs, and 0 where there is none. */
  readonly #shards = Array.from({ length: SHARDS }, () => new Int32Array(16));
  readonly #shardSizes = new Uint32Array(SHARDS);
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
    const hash = this.#hash(this.#wanted, 0);
    const slots = this.#shards[hash >>> (32 - SHARD_BITS)] as Int32Array;
    return (slots[this.#slotOfWanted(slots, hash)] as number) - 1;
  }

  /** The number of an id, which is added if it is new; then it is the last. */
  add(bytes: Uint8Array, start = 0, end = bytes.length): number {
    this.#load(bytes, start, end);
    const hash = this.#hash(this.#wanted, 0);
    const shard = hash >>> (32 - SHARD_BITS);
    const slots = this.#shards[shard] as Int32Array;
    const slot = this.#slotOfWanted(slots, hash);
    const found = slots[slot] as number;
    if (found > 0) return found - 1;
    const index = this.size++;
    const at = index % SEGMENT_IDS;
    if (at === 0) {
      this.#ids.push(new Uint32Array(SEGMENT_IDS * this.#words));
      this.#values.push(new Uint32Array(SEGMENT_IDS));
    }
    (this.#ids.at(-1) as Uint32Array).set(this.#wanted, at * this.#words);
    slots[slot] = this.size;
    const shardSize = (this.#shardSizes[shard] as number) + 1;
    this.#shardSizes[shard] = shardSize;
    if (shardSize * 2 > slots.length) this.#grow(shard);
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

  #hash(words: Uint32Array, start: number): number {
    let hash = this.#seed;
    for (let i = 0; i < this.#words; i++) {
      hash = Math.imul(hash ^ (words[start + i] as number), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash >>> 0;
  }

  /** The slot of the wanted id, or the empty one where it belongs. */
  #slotOfWanted(slots: Int32Array, hash: number): number {
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const found = slots[slot] as number;
      if (found === 0 || this.#isWanted(found - 1)) return slot;
    }
  }

  #isWanted(index: number): boolean {
    const ids = this.#ids[Math.floor(index / SEGMENT_IDS)] as Uint32Array;
    const at = (index % SEGMENT_IDS) * this.#words;
    for (let i = 0; i < this.#words; i++) if (ids[at + i] !== this.#wanted[i]) return false;
    return true;
  }

  #grow(shard: number): void {
    const before = this.#shards[shard] as Int32Array;
    const slots = new Int32Array(before.length * 2);
    const mask = slots.length - 1;
    for (const found of before) {
      if (found === 0) continue;
      const ids = this.#ids[Math.floor((found - 1) / SEGMENT_IDS)] as Uint32Array;
      // No two ids of a table are the same: the first free slot is the right one.
      let slot = this.#hash(ids, ((found - 1) % SEGMENT_IDS) * this.#words) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = found;
    }
    release(before);
    this.#shards[shard] = slots;
  }
}
