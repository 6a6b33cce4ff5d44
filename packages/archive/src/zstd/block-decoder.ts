import { Decompress } from "fzstd";

/** Stored blocks are handed to the library in pieces of this size. */
const PIECE_BYTES = 131_072;

const blockHeader = (type: 0 | 2, bytes: number): number[] => {
  const header = (bytes << 3) | (type << 1);
  return [header & 0xff, (header >> 8) & 0xff, header >> 16];
};

/** A frame header with at least that window, and four empty blocks that make the library read it at once. */
const frameStart = (windowBytes: number): Uint8Array => {
  const exponent = Math.max(10, Math.ceil(Math.log2(windowBytes + 1)));
  const empty = blockHeader(0, 0);
  return Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0, (exponent - 10) << 3, ...empty, ...empty, ...empty, ...empty]);
};

/**
 * Decodes compressed blocks with fzstd. It does not see the other blocks, except as history when a compressed block
 * follows: it moves its whole window for each, and nearly all of an archive is stored.
 */
export class BlockDecoder {
  readonly #library: Decompress;
  #output: Uint8Array = new Uint8Array();

  constructor(windowBytes: number) {
    this.#library = new Decompress((bytes) => {
      this.#output = bytes;
    });
    this.#library.push(frameStart(windowBytes));
  }

  /** Decodes the content of one compressed block; `history` is what was decoded since the last one. */
  decode(content: Uint8Array, history: Uint8Array): Uint8Array {
    for (let at = 0; at < history.length; at += PIECE_BYTES) this.#push(0, history.subarray(at, at + PIECE_BYTES));
    this.#push(2, content);
    return this.#output;
  }

  #push(type: 0 | 2, content: Uint8Array): void {
    const block = new Uint8Array(3 + content.length);
    block.set(blockHeader(type, content.length));
    block.set(content, 3);
    this.#library.push(block);
  }
}
