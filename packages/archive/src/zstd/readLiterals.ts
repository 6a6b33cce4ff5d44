import { demand } from "./brokenBlock.ts";
import { decodeHuffman, type HuffmanTable, readHuffmanTable } from "./huffmanTable.ts";

/** A block's literals, and what comes after them. */
export type Literals = { literals: Uint8Array; end: number; table: HuffmanTable | undefined };

/** Reads the literals section of a block (RFC 8878, section 3.1.1.3.1); `table` is that of the block before. */
export const readLiterals = (block: Uint8Array, table: HuffmanTable | undefined, maxBytes: number): Literals => {
  const type = (block[0] ?? 0) & 3;
  const format = ((block[0] ?? 0) >> 2) & 3;
  const isPlain = type < 2;
  const headerBytes = isPlain ? ([1, 2, 1, 3][format] as number) : ([3, 3, 4, 5][format] as number);
  demand(headerBytes <= block.length);
  let header = 0;
  for (let i = headerBytes; i-- > 0; ) header = header * 256 + (block[i] as number);
  const sizeBits = isPlain ? 20 : ([10, 10, 14, 18][format] as number);
  const count = isPlain && (format & 1) === 0 ? header >> 3 : Math.floor(header / 16) % 2 ** sizeBits;
  demand(count <= maxBytes);
  if (isPlain) {
    const end = headerBytes + (type === 0 ? count : 1);
    demand(end <= block.length);
    const literals = type === 0 ? block.subarray(headerBytes, end) : new Uint8Array(count).fill(block[headerBytes] as number);
    return { literals, end, table };
  }
  const end = headerBytes + Math.floor(header / 2 ** (4 + sizeBits));
  demand(end <= block.length);
  let streams = block.subarray(headerBytes, end);
  if (type === 2) {
    const described = readHuffmanTable(streams);
    table = described.table;
    streams = streams.subarray(described.end);
  }
  demand(table !== undefined);
  const literals = new Uint8Array(count);
  if (format === 0) decodeHuffman(table as HuffmanTable, streams, literals);
  else decodeFourStreams(table as HuffmanTable, streams, literals);
  return { literals, end, table };
};

const decodeFourStreams = (table: HuffmanTable, streams: Uint8Array, out: Uint8Array): void => {
  const part = (out.length + 3) >> 2;
  demand(streams.length >= 6 && 3 * part <= out.length);
  let at = 6;
  for (let i = 0; i < 4; i++) {
    const length = i < 3 ? (streams[i * 2] as number) | ((streams[i * 2 + 1] as number) << 8) : streams.length - at;
    demand(length >= 0 && at + length <= streams.length);
    decodeHuffman(table, streams.subarray(at, at + length), out.subarray(i * part, i < 3 ? (i + 1) * part : out.length));
    at += length;
  }
};
