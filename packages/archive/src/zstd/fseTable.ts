import type { BackwardBits } from "./bitReaders.ts";
import { ForwardBits } from "./bitReaders.ts";
import { demand } from "./brokenBlock.ts";

/** A table of finite state entropy: for each state its symbol, and how to come to the next state. */
export type FseTable = { log: number; symbols: Uint8Array; bits: Uint8Array; bases: Uint16Array };

/** The table of symbols by their probabilities, of which -1 stands for less than one. */
export const fseTable = (log: number, probabilities: readonly number[]): FseTable => {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  const next = probabilities.map((probability) => Math.abs(probability));
  let high = size - 1;
  probabilities.forEach((probability, symbol) => {
    if (probability === -1) symbols[high--] = symbol;
  });
  let position = 0;
  probabilities.forEach((probability, symbol) => {
    for (let i = 0; i < probability; i++) {
      symbols[position] = symbol;
      do position = (position + (size >> 1) + (size >> 3) + 3) & (size - 1);
      while (position > high);
    }
  });
  const bits = new Uint8Array(size);
  const bases = new Uint16Array(size);
  symbols.forEach((symbol, state) => {
    const count = next[symbol] as number;
    next[symbol] = count + 1;
    const width = log - (31 - Math.clz32(count));
    bits[state] = width;
    bases[state] = (count << width) - size;
  });
  return { log, symbols, bits, bases };
};

/** A table with a single symbol. */
export const constantTable = (symbol: number): FseTable => ({
  log: 0,
  symbols: Uint8Array.of(symbol),
  bits: Uint8Array.of(0),
  bases: Uint16Array.of(0),
});

/** Reads a table's description; `end` is where it ends. */
export const readFseTable = (bytes: Uint8Array, start: number, maxLog: number, maxSymbol: number): { table: FseTable; end: number } => {
  const reader = new ForwardBits(bytes, start);
  const log = reader.peek(4) + 5;
  reader.bit += 4;
  demand(log <= maxLog);
  const probabilities: number[] = [];
  let left = 1 << log;
  while (left > 0) {
    demand(probabilities.length <= maxSymbol && reader.end <= bytes.length);
    // Small values take a bit less than large ones.
    const width = 32 - Math.clz32(left + 1);
    const spare = (1 << width) - 2 - left;
    const low = reader.peek(width - 1);
    let value = reader.peek(width);
    if (low < spare) value = low;
    else if (value >= 1 << (width - 1)) value -= spare;
    reader.bit += low < spare ? width - 1 : width;
    probabilities.push(value - 1);
    left -= Math.abs(value - 1);
    if (value !== 1) continue;
    for (let repeat = 3; repeat === 3; ) {
      repeat = reader.peek(2);
      reader.bit += 2;
      for (let i = 0; i < repeat; i++) probabilities.push(0);
      demand(probabilities.length <= maxSymbol + 1);
    }
  }
  demand(left === 0 && probabilities.length <= maxSymbol + 1 && reader.end <= bytes.length);
  return { table: fseTable(log, probabilities), end: reader.end };
};

/** One decoder's state. */
export class FseState {
  #state: number;
  readonly #table: FseTable;
  readonly #bits: BackwardBits;

  constructor(table: FseTable, bits: BackwardBits) {
    this.#table = table;
    this.#bits = bits;
    this.#state = bits.read(table.log);
  }

  get symbol(): number {
    return this.#table.symbols[this.#state] as number;
  }

  /** Bits that the next move takes. */
  get width(): number {
    return this.#table.bits[this.#state] as number;
  }

  move(): void {
    this.#state = (this.#table.bases[this.#state] as number) + this.#bits.read(this.width);
  }
}
