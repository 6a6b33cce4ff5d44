/**
 * The compression function of Argon2 (RFC 9106, 3.5 and 3.6) as WebAssembly, for one block of 1,024 bytes at a time. Its caller decides
 * when to pause. Libraries run a whole computation in one call, which holds the thread and can't be ended.
 */
export type BlockMixer = {
  memory: WasmMemory;
  /** Mixes the blocks at two addresses into the block at a third one: `out ^= G(x, y)`. The first 1,024 bytes are its own. */
  mix(x: number, y: number, out: number): void;
};

type WasmMemory = { readonly buffer: ArrayBuffer };
/** What is needed of it, for those who compile without the types of a page. */
type Engine = {
  Memory: new (limits: { initial: number; maximum: number }) => WasmMemory;
  compile(bytes: Uint8Array<ArrayBuffer>): Promise<unknown>;
  instantiate(compiled: unknown, imports: object): Promise<{ exports: Record<string, unknown> }>;
};

const pageBytes = 65_536;
let compiled: Promise<unknown> | undefined;

/** @throws RangeError when there is not so much memory */
export async function blockMixer(totalBytes: number): Promise<BlockMixer> {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: Engine };
  const pages = Math.ceil(totalBytes / pageBytes);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { exports } = await WebAssembly.instantiate(await (compiled ??= WebAssembly.compile(moduleBytes())), { "": { m: memory } });
  return { memory, mix: exports["x"] as BlockMixer["mix"] };
}

// Instructions of WebAssembly, by their names in its specification.
const [loop, end, brIf, call] = [0x03, 0x0b, 0x0d, 0x10];
const [i32LtU, i32Add, i32Mul, i64Add, i64Mul, i64Shl, i64Rotr, i64Xor] = [0x49, 0x6a, 0x6c, 0x7c, 0x7e, 0x86, 0x8a, 0x85];
const [i32WrapI64, i64ExtendI32U, empty, i32, i64] = [0xa7, 0xad, 0x40, 0x7f, 0x7e];
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const i32Const = (value: number) => [0x41, ...signed(value)];
const i64Const = (value: number) => [0x42, ...signed(value)];
const load = (offset: number) => [0x29, 3, offset];
const store = (offset: number) => [0x37, 3, offset];

/** Local variables of `permute`: its two parameters, and the sixteen words. */
const [pointer, stride, firstWord] = [0, 1, 2];

/** `a = a + b + 2 * low(a) * low(b); d = (d ^ a) >>> by` */
function step(a: number, b: number, d: number, by: number): number[] {
  const low = (word: number) => [...get(word), i32WrapI64, i64ExtendI32U];
  const sum = [...get(a), ...get(b), i64Add, ...low(a), ...low(b), i64Mul, ...i64Const(1), i64Shl, i64Add, ...set(a)];
  return [...sum, ...get(d), ...get(a), i64Xor, ...i64Const(by), i64Rotr, ...set(d)];
}

function quarterRound(words: readonly [number, number, number, number]): number[] {
  const [a, b, c, d] = words.map((word) => word + firstWord) as [number, number, number, number];
  return [...step(a, b, d, 32), ...step(c, d, b, 24), ...step(a, b, d, 16), ...step(c, d, b, 63)];
}

const rounds = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

/** Permutes sixteen words, which lie in pairs `stride` bytes apart. */
function permuteBody(): number[] {
  const words = Array.from({ length: 16 }, (_, word) => word);
  const address = (word: number) => [...get(pointer), ...get(stride), ...i32Const(word >> 1), i32Mul, i32Add];
  const loads = words.flatMap((word) => [...address(word), ...load((word & 1) * 8), ...set(word + firstWord)]);
  const stores = words.flatMap((word) => [...address(word), ...get(word + firstWord), ...store((word & 1) * 8)]);
  return [...loads, ...rounds.flatMap(quarterRound), ...stores];
}

/** Parameters: the addresses x, y and out. The fourth local variable counts bytes. */
function mixBody(): number[] {
  const [x, y, out, at] = [0, 1, 2, 3];
  const word = (base: number) => [...get(base), ...get(at), i32Add, ...load(0)];
  const mixed = [...word(x), ...word(y), i64Xor];
  const forEachWord = (body: readonly number[]) => [
    ...i32Const(0),
    ...set(at),
    loop,
    empty,
    ...body,
    ...get(at),
    ...i32Const(8),
    i32Add,
    0x22,
    at,
    ...i32Const(1_024),
    i32LtU,
    brIf,
    0,
    end,
  ];
  const permute = (start: number, apart: number) => [...i32Const(start), ...i32Const(apart), call, 0];
  const eight = Array.from({ length: 8 }, (_, index) => index);
  return [
    ...forEachWord([...get(at), ...mixed, ...store(0)]),
    ...eight.flatMap((row) => permute(row * 128, 16)),
    ...eight.flatMap((column) => permute(column * 16, 128)),
    ...forEachWord([...get(out), ...get(at), i32Add, ...word(out), ...mixed, i64Xor, ...get(at), ...load(0), i64Xor, ...store(0)]),
  ];
}

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const text = (value: string) => [value.length, ...Array.from(value, (letter) => letter.charCodeAt(0))];
  const section = (id: number, content: readonly number[]) => [id, ...unsigned(content.length), ...content];
  const body = (locals: readonly number[], code: readonly number[]) => {
    const content = [1, ...locals, ...code, end];
    return [...unsigned(content.length), ...content];
  };
  const types = [2, 0x60, 2, i32, i32, 0, 0x60, 3, i32, i32, i32, 0];
  return new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, [1, ...text(""), ...text("m"), 2, 0, 1]),
    ...section(3, [2, 0, 1]),
    ...section(7, [1, ...text("x"), 0, 1]),
    ...section(10, [2, ...body([16, i64], permuteBody()), ...body([1, i32], mixBody())]),
  ]);
}

/** LEB128 of a number that is not negative. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** The same where a sign is expected. */
function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}
