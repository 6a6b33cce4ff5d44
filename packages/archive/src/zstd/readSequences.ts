import { BackwardBits } from "./bitReaders.ts";
import { demand } from "./brokenBlock.ts";
import { constantTable, FseState, type FseTable, fseTable, readFseTable } from "./fseTable.ts";

/** How one of the three numbers of a sequence is coded: its default table, its limits. */
type Code = { table: FseTable; maxLog: number; maxSymbol: number };

const ones = (count: number, value = 1): number[] => new Array<number>(count).fill(value);

const codes: readonly [literals: Code, offset: Code, match: Code] = [
  {
    table: fseTable(6, [4, 3, ...ones(11, 2), 1, 1, 1, ...ones(9, 2), 3, 2, ...ones(5), ...ones(4, -1)]),
    maxLog: 9,
    maxSymbol: 35,
  },
  { table: fseTable(5, [...ones(6), 2, 2, 2, ...ones(15), ...ones(5, -1)]), maxLog: 8, maxSymbol: 31 },
  { table: fseTable(6, [1, 4, 3, ...ones(6, 2), ...ones(37), ...ones(7, -1)]), maxLog: 9, maxSymbol: 52 },
];

/** Extra bits of a literals length and of a match length by its code, from the first code that has any. */
const literalsBits = [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const matchBits = [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

/** A code's least value and extra bits: values run on without gaps. */
const lengths = (plain: number, first: number, extra: readonly number[]): [base: number, bits: number][] => {
  const list: [number, number][] = [];
  for (let code = 0; code < plain; code++) list.push([first + code, 0]);
  let base = first + plain;
  for (const bits of extra) {
    list.push([base, bits]);
    base += 2 ** bits;
  }
  return list;
};
const literalsLengths = lengths(16, 0, literalsBits);
const matchLengths = lengths(32, 3, matchBits);

export type SequenceTables = readonly [FseTable, FseTable, FseTable];

/** Takes literals, then repeats what stands so far back; `offsetValue` is as coded: 1 to 3 stand for recent offsets. */
export type OnSequence = (literals: number, match: number, offsetValue: number) => void;

/** Reads the sequences section of a block (RFC 8878, section 3.1.1.3.2); `before` are the tables of the block before. */
export const readSequences = (
  block: Uint8Array,
  start: number,
  before: SequenceTables | undefined,
  onSequence: OnSequence,
): SequenceTables | undefined => {
  let at = start;
  const byte = (): number => {
    demand(at < block.length);
    return block[at++] as number;
  };
  let count = byte();
  if (count >= 128) count = count < 255 ? ((count - 128) << 8) | byte() : byte() + (byte() << 8) + 0x7f00;
  if (count === 0) {
    demand(at === block.length);
    return before;
  }
  const modes = byte();
  demand((modes & 3) === 0);
  const tables = codes.map(({ table, maxLog, maxSymbol }, i) => {
    const mode = (modes >> (6 - 2 * i)) & 3;
    if (mode === 0) return table;
    if (mode === 1) {
      const symbol = byte();
      demand(symbol <= maxSymbol);
      return constantTable(symbol);
    }
    if (mode === 2) {
      const described = readFseTable(block, at, maxLog, maxSymbol);
      at = described.end;
      return described.table;
    }
    demand(before !== undefined);
    return (before as SequenceTables)[i] as FseTable;
  }) as unknown as SequenceTables;
  const bits = new BackwardBits(block.subarray(at));
  const [literals, offsets, matches] = tables.map((table) => new FseState(table, bits)) as [FseState, FseState, FseState];
  for (;;) {
    const offsetCode = offsets.symbol;
    const offsetValue = 2 ** offsetCode + bits.read(offsetCode);
    const [matchBase, matchExtra] = matchLengths[matches.symbol] as [number, number];
    const match = matchBase + bits.read(matchExtra);
    const [literalsBase, literalsExtra] = literalsLengths[literals.symbol] as [number, number];
    onSequence(literalsBase + bits.read(literalsExtra), match, offsetValue);
    if (--count === 0) break;
    literals.move();
    matches.move();
    offsets.move();
  }
  demand(bits.left === 0);
  return tables;
};
