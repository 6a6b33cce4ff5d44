/** WebAssembly as bytes, as far as the modules of this folder need it (WebAssembly Core Specification 2.0, section 5). */
export type Code = readonly number[];

export const I32 = 0x7f;
export const V128 = 0x7b;

/** A number as LEB128; code has none that are negative. */
export const leb = (value: number): Code => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >> 7)]);
/** The same where the highest bit would be a sign. */
const signedLeb = (value: number): Code => (value < 64 ? [value] : [(value & 127) | 128, ...signedLeb(value >> 7)]);
const sized = (code: Code): Code => [...leb(code.length), ...code];

export const get = (local: number): Code => [0x20, ...leb(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...leb(local)];
export const setAndGet = (local: number, value: Code): Code => [...value, 0x22, ...leb(local)];
export const i32 = (value: number): Code => [0x41, ...signedLeb(value)];
export const add = (a: Code, b: Code): Code => [...a, ...b, 0x6a];
export const shiftLeft = (a: Code, bits: number): Code => [...a, ...i32(bits), 0x74];
export const isLess = (a: Code, b: Code): Code => [...a, ...b, 0x49];
/** Plays the body until the condition, which stands last, fails. */
export const loop = (body: Code, condition: Code): Code => [0x03, 0x40, ...body, ...condition, 0x0d, 0, 0x0b];

export const simd = (operation: Code, ...operands: Code[]): Code => [...operands.flat(), 0xfd, ...operation];
export const load = (address: Code, offset: number): Code => simd([0x00, 4, ...leb(offset)], address);
export const store = (address: Code, offset: number, value: Code): Code => simd([0x0b, 4, ...leb(offset)], address, value);
export const xor = (a: Code, b: Code): Code => simd([0x51], a, b);
/** The byte of a vector, as a number. */
export const byteOf = (vector: Code, lane: number): Code => simd([0x16, lane], vector);

const name = (text: string): Code => sized(Array.from(text, (letter) => letter.charCodeAt(0)));
const section = (id: number, code: Code): Code => [id, ...sized(code)];

/**
 * A module that exports one function of two numbers, under that name, and its `memory`.
 *
 * @param pages - how large the memory is, in parts of 64 kB
 */
export const wasmModule = (functionName: string, body: Code, pages: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 2, I32, I32, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, ...leb(pages)]),
    ...section(7, [2, ...name("memory"), 2, 0, ...name(functionName), 0, 0]),
    ...section(10, [1, ...sized(body)]),
  ]);
