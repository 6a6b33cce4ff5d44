import { demand } from "./brokenBlock.ts";

/** Up to 24 bits that begin at a bit, least significant first; zero beyond the end. */
const bitsAt = (bytes: Uint8Array, bit: number, count: number): number => {
  const at = bit >> 3;
  // What lies beyond the end is undefined, which counts as zero here.
  const [a, b, c, d] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]] as [number, number, number, number];
  return ((a | (b << 8) | (c << 16) | (d << 24)) >>> (bit & 7)) & ((1 << count) - 1);
};

/** Reads bits from the first to the last. */
export class ForwardBits {
  bit: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.bit = start * 8;
  }

  peek(count: number): number {
    return bitsAt(this.#bytes, this.bit, count);
  }

  /** The first byte that was not begun. */
  get end(): number {
    return (this.bit + 7) >> 3;
  }
}

/** Reads bits from the last to the first; the highest bit that is set in the last byte marks the end. */
export class BackwardBits {
  /** How many bits are left; below zero when more were read than there are. */
  left: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    const last = bytes.at(-1) ?? 0;
    demand(last !== 0);
    this.#bytes = bytes;
    this.left = bytes.length * 8 - 1 - Math.clz32(last) + 24;
  }

  /** Looks at up to 24 bits; those before the first are zero. */
  peek(count: number): number {
    const from = this.left - count;
    return from >= 0 ? bitsAt(this.#bytes, from, count) : this.left > 0 ? bitsAt(this.#bytes, 0, this.left) << -from : 0;
  }

  /** @throws BrokenBlock when there are not so many. */
  read(count: number): number {
    if (count > 24) return this.read(count - 16) * 65_536 + this.read(16);
    const value = this.peek(count);
    this.left -= count;
    demand(this.left >= 0);
    return value;
  }
}
