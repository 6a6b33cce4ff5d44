import {
  add,
  byteOf,
  type Code,
  get,
  i32,
  isLess,
  leb,
  load,
  loop,
  set,
  setAndGet,
  shiftLeft,
  store,
  V128,
  wasmModule,
  xor,
} from "./wasmCode.ts";

const BLOCK_BYTES = 16;
/** A table for each byte of a block has sixteen bytes for each of its values. */
const TABLE_BYTES = 256 * BLOCK_BYTES;
const PAGE_BYTES = 65_536;
const PAGES = 9;

/** Where in the module's memory everything stands. */
export const ghashLayout = { tables: 0, blocks: 16 * TABLE_BYTES, endBytes: PAGES * PAGE_BYTES } as const;

/** The two parameters, and the state. */
const AT = 0;
const END = 1;
const STATE = 2;

/** The sum of the table's entries for all bytes of the state, in pairs: no sum waits for all before it. */
const product = (from: number, to: number): Code => {
  if (to - from > 1) return xor(product(from, (from + to) / 2), product((from + to) / 2, to));
  return load(shiftLeft(byteOf(get(STATE), from), 4), ghashLayout.tables + from * TABLE_BYTES);
};

const hash: Code = [
  ...[1, ...leb(1), V128],
  ...loop(
    [...set(STATE, xor(get(STATE), load(get(AT), 0))), ...set(STATE, product(0, BLOCK_BYTES))],
    isLess(setAndGet(AT, add(get(AT), i32(BLOCK_BYTES))), get(END)),
  ),
  ...store(get(END), 0, get(STATE)),
  0x0b,
];

/** A module of some 250 bytes that exports its `memory`, and `hash(at, end)`: the GHASH of the blocks there, at least one, comes to stand at `end`. */
export const ghashModule = (): Uint8Array<ArrayBuffer> => wasmModule("hash", hash, PAGES);
