import { demand } from "./brokenBlock.ts";
import type { HuffmanTable } from "./huffmanTable.ts";
import { readLiterals } from "./readLiterals.ts";
import { readSequences, type SequenceTables } from "./readSequences.ts";

/**
 * Decodes the compressed blocks of one frame, and never more than a block may hold. A block of twelve bytes keeps a decoder without that
 * limit busy for minutes. Anybody who can write to a store could freeze an app with it.
 */
export class BlockDecoder {
  #huffman: HuffmanTable | undefined;
  #tables: SequenceTables | undefined;
  #recent: [number, number, number] = [1, 4, 8];

  /** Decodes a block into `out` at `start`, where what was decoded before stands; returns where it ends. */
  decode(block: Uint8Array, out: Uint8Array, start: number, maxBytes: number): number {
    const { literals, end, table } = readLiterals(block, this.#huffman, maxBytes);
    this.#huffman = table;
    let at = start;
    let taken = 0;
    const copyLiterals = (count: number) => {
      demand(taken + count <= literals.length && at + count <= start + maxBytes);
      out.set(literals.subarray(taken, taken + count), at);
      at += count;
      taken += count;
    };
    this.#tables = readSequences(block, end, this.#tables, (count, match, offsetValue) => {
      copyLiterals(count);
      const offset = this.#offset(offsetValue, count === 0);
      demand(offset > 0 && offset <= at && at + match <= start + maxBytes);
      // Byte by byte, since a match may reach into itself.
      for (const matchEnd = at + match; at < matchEnd; at++) out[at] = out[at - offset] as number;
    });
    copyLiterals(literals.length - taken);
    return at;
  }

  #offset(value: number, hasNoLiterals: boolean): number {
    const [first, second, third] = this.#recent;
    const index = value - 1 + (hasNoLiterals ? 1 : 0);
    if (value > 3) this.#recent = [value - 3, first, second];
    else if (index === 1) this.#recent = [second, first, third];
    else if (index > 1) this.#recent = [index === 2 ? third : first - 1, first, second];
    return this.#recent[0];
  }
}
