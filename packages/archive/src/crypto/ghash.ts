/** Words of a block. */
const WORDS = 4;
/** One table for each byte of a block: an entry of four words for each of the byte's values. */
const TABLE_WORDS = 256 * WORDS;

/** Turns a word's bytes around. */
const swap = (word: number): number => (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);

/** The products of the hash key with every value of every byte of a block (NIST SP 800-38D, section 6.3). */
const makeTables = (hashKey: Uint32Array): Int32Array => {
  const tables = new Int32Array(16 * TABLE_WORDS);
  let [a, b, c, d] = Array.from(hashKey, swap) as [number, number, number, number];
  for (let byte = 0; byte < 16; byte++) {
    const table = tables.subarray(byte * TABLE_WORDS, (byte + 1) * TABLE_WORDS);
    // A block's first bit is the highest of its first byte; every further bit multiplies by x.
    for (let value = 128; value > 0; value >>= 1) {
      table.set([swap(a), swap(b), swap(c), swap(d)], value * WORDS);
      const carry = d & 1 ? 0xe100_0000 : 0;
      d = (d >>> 1) | (c << 31);
      c = (c >>> 1) | (b << 31);
      b = (b >>> 1) | (a << 31);
      a = (a >>> 1) ^ carry;
    }
    for (let value = 3; value < 256; value++) {
      const high = 1 << (31 - Math.clz32(value));
      for (let i = 0; i < WORDS; i++) {
        table[value * WORDS + i] = (table[high * WORDS + i] as number) ^ (table[(value - high) * WORDS + i] as number);
      }
    }
  }
  return tables;
};

/** GHASH under one key, over little-endian words of whole blocks. */
export class Ghash {
  /** The products of the hash key, by byte of a block and by value. */
  readonly tables: Int32Array;
  readonly #state = new Int32Array(WORDS);

  constructor(hashKey: Uint8Array) {
    this.tables = makeTables(new Uint32Array(hashKey.slice().buffer));
  }

  /** Hashes `words` from `start` to `end` into the four words of `out` at `at`. */
  hashInto(words: Uint32Array, start: number, end: number, out: Uint32Array, at: number): void {
    const tables = this.tables;
    const state = this.#state.fill(0);
    for (let block = start; block < end; block += WORDS) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let word = 0; word < WORDS; word++) {
        const bits = (state[word] as number) ^ (words[block + word] as number);
        for (let byte = 0; byte < 4; byte++) {
          const entry = (word * 4 + byte) * TABLE_WORDS + ((bits >>> (8 * byte)) & 0xff) * WORDS;
          a ^= tables[entry] as number;
          b ^= tables[entry + 1] as number;
          c ^= tables[entry + 2] as number;
          d ^= tables[entry + 3] as number;
        }
      }
      state[0] = a;
      state[1] = b;
      state[2] = c;
      state[3] = d;
    }
    out.set(state, at);
  }
}
