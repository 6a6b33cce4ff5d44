import { fromNibble, invert, join, multiply, norm, S_BOX_CONSTANT, spread, toNibble } from "./aesField.ts";

/** What stands for a division by zero: as an index it finds no entry, and so the inverse of it is zero. */
const INFINITY = 0x80;

const table = (valueOf: (at: number) => number): Uint8Array => Uint8Array.from({ length: 16 }, (_, at) => valueOf(at));

/** How a byte is written between rounds, as two nibbles `i` (high) and `k = i + j` (low), by its value. */
export const written = new Uint8Array(256);
for (let k = 0; k < 16; k++) for (let i = 0; i < 16; i++) written[join(fromNibble(i), fromNibble(k ^ i))] = k | (i << 4);

/** FIPS 197, section 5.1.1. */
export const sBox = Uint8Array.from({ length: 256 }, (_, byte) => spread(invert(byte)) ^ S_BOX_CONSTANT);

/**
 * A round inverts a byte as `u = 1 / (1/i + c/k) + j` and `v = 1 / (1/j + c/k) + i`, with `c = 1 / norm`. The inverse of the byte is then
 * linear in `p = 1/u` and `q = 1/v`. With `a = norm` its parts are `q + a(p + q)` and `p + a(p + q)`. These tables lead from `u` and from `v`
 * to their shares of it, through any further linear step.
 */
const shares = (linear: (byte: number) => number): { ofU: Uint8Array; ofV: Uint8Array } => {
  const share = (at: number, own: (element: number, scaled: number) => number): number => {
    const element = invert(fromNibble(at));
    return at === 0 ? 0 : linear(spread(own(element, multiply(norm, element))));
  };
  return {
    ofU: table((at) => share(at, (p, scaled) => join(scaled, p ^ scaled))),
    ofV: table((at) => share(at, (q, scaled) => join(q ^ scaled, scaled))),
  };
};

const once = shares((byte) => written[byte] as number);
const twice = shares((byte) => written[multiply(2, byte)] as number);
const plain = shares((byte) => byte);

/** The order of a state's bytes that makes `after[n]` of `before[order[n]]`. */
type Order = (at: number) => number;

const shiftRows: Order = (at) => (at + 4 * (at & 3)) & 15;

/** ShiftRows so many times; four times change nothing. */
export const shifted = (at: number, times: number): number => {
  for (let time = times & 3; time > 0; time--) at = shiftRows(at);
  return at;
};

/**
 * States are never shifted: round `n` finds each byte where `n` times ShiftRows would have taken it from. This is the order that brings each byte
 * the one which is so many rows further in its column.
 */
export const rowsFurther = (round: number, rows: number): Uint8Array =>
  table((at) => {
    const shown = shifted(at, -round);
    return shifted((shown & 12) | ((shown + rows) & 3), round);
  });

/** Where every byte belongs after the last round. */
export const lastShift = table((at) => shifted(at, 14));

/** What the code of the rounds looks up, sixteen bytes each. */
export const aesTables = {
  lowNibble: table(() => 0x0f),
  writtenLow: table((at) => written[at] as number),
  writtenHigh: table((at) => written[at << 4] as number),
  inverse: table((at) => (at === 0 ? INFINITY : toNibble(invert(fromNibble(at))))),
  inverseByNorm: table((at) => (at === 0 ? INFINITY : toNibble(invert(multiply(norm, fromNibble(at)))))),
  onceU: once.ofU,
  onceV: once.ofV,
  twiceU: twice.ofU,
  twiceV: twice.ofV,
  plainU: plain.ofU,
  plainV: plain.ofV,
};
