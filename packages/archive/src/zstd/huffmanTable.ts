import { BackwardBits } from "./bitReaders.ts";
import { demand } from "./brokenBlock.ts";
import { FseState, readFseTable } from "./fseTable.ts";

/** A Huffman code by the next `log` bits: the symbol, and how many of the bits it takes. */
export type HuffmanTable = { log: number; symbols: Uint8Array; bits: Uint8Array };

const MAX_LOG = 11;
const MAX_SYMBOLS = 256;

const readWeights = (bytes: Uint8Array, length: number): number[] => {
  const weights: number[] = [];
  const { table, end } = readFseTable(bytes.subarray(0, length), 0, 6, MAX_SYMBOLS - 1);
  const bits = new BackwardBits(bytes.subarray(end, length));
  let [one, other] = [new FseState(table, bits), new FseState(table, bits)];
  // Two states take turns until the bits end; the other one then has the last word.
  for (;;) {
    demand(weights.length < MAX_SYMBOLS);
    weights.push(one.symbol);
    if (bits.left < one.width) break;
    one.move();
    [one, other] = [other, one];
  }
  weights.push(other.symbol);
  return weights;
};

/** Reads a tree's description; `end` is where it ends. */
export const readHuffmanTable = (bytes: Uint8Array): { table: HuffmanTable; end: number } => {
  const header = bytes[0] ?? 0;
  const end = 1 + (header < 128 ? header : (header - 126) >> 1);
  demand(end <= bytes.length);
  const description = bytes.subarray(1, end);
  const weights =
    header < 128
      ? readWeights(description, header)
      : Array.from({ length: header - 127 }, (_, i) => ((description[i >> 1] as number) >> (i & 1 ? 0 : 4)) & 15);
  const total = weights.reduce((sum, weight) => sum + ((1 << weight) >> 1), 0);
  demand(total > 0 && weights.length < MAX_SYMBOLS);
  const log = 32 - Math.clz32(total);
  // The last weight is not written: it fills what is left, which must be a power of two.
  const left = (1 << log) - total;
  demand(log <= MAX_LOG && (left & (left - 1)) === 0);
  weights.push(32 - Math.clz32(left));
  const symbols = new Uint8Array(1 << log);
  const bits = new Uint8Array(1 << log);
  let at = 0;
  for (let weight = 1; weight <= log; weight++) {
    weights.forEach((of, symbol) => {
      if (of !== weight) return;
      const next = at + (1 << (weight - 1));
      symbols.fill(symbol, at, next);
      bits.fill(log + 1 - weight, at, next);
      at = next;
    });
  }
  return { table: { log, symbols, bits }, end };
};

/** Decodes a whole stream into `out`, which it must fill exactly. */
export const decodeHuffman = ({ log, symbols, bits }: HuffmanTable, stream: Uint8Array, out: Uint8Array): void => {
  const reader = new BackwardBits(stream);
  for (let i = 0; i < out.length; i++) {
    const code = reader.peek(log);
    out[i] = symbols[code] as number;
    reader.left -= bits[code] as number;
    demand(reader.left >= 0);
  }
  demand(reader.left === 0);
};
