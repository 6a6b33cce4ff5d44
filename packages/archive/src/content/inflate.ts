import { WireError } from "../protobuf/wireReader.ts";

const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385,
  24577,
];
const DISTANCE_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
/** The order in which a dynamic block gives the lengths of its code lengths. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const MAX_BITS = 15;
const END_OF_BLOCK = 256;

/** A canonical Huffman code: how many codes have each length, and the symbols in the order of their codes. */
type Huffman = { counts: Uint16Array; symbols: Uint16Array };

const huffman = (lengths: readonly number[]): Huffman => {
  const counts = new Uint16Array(MAX_BITS + 1);
  for (const length of lengths) counts[length]!++;
  counts[0] = 0;
  let left = 1;
  for (let length = 1; length <= MAX_BITS; length++) {
    left = left * 2 - counts[length]!;
    if (left < 0) throw new WireError("huffman");
  }
  const offsets = new Uint16Array(MAX_BITS + 2);
  for (let length = 1; length <= MAX_BITS; length++) offsets[length + 1] = offsets[length]! + counts[length]!;
  const symbols = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length !== 0) symbols[offsets[length]!++] = symbol;
  });
  return { counts, symbols };
};

const fixedLengths = huffman(Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)));
const fixedDistances = huffman(Array.from({ length: 30 }, () => 5));

/** Decodes a stream of RFC 1951 into no more bytes than it may. */
class Inflater {
  #position: number;
  #held = 0;
  #heldBits = 0;
  #out = new Uint8Array(1024);
  #length = 0;
  readonly #bytes: Uint8Array;
  readonly #maxBytes: number;

  constructor(bytes: Uint8Array, start: number, maxBytes: number) {
    this.#bytes = bytes;
    this.#position = start;
    this.#maxBytes = maxBytes;
  }

  run(): Uint8Array {
    let isLast = false;
    while (!isLast) {
      isLast = this.#bits(1) === 1;
      const type = this.#bits(2);
      if (type === 0) this.#stored();
      else if (type === 1) this.#compressed(fixedLengths, fixedDistances);
      else if (type === 2) this.#dynamic();
      else throw new WireError("block type");
    }
    return this.#out.slice(0, this.#length);
  }

  /** Whether the stream ends where the bytes do. */
  get isAtEnd(): boolean {
    return this.#position === this.#bytes.length;
  }

  #bits(count: number): number {
    while (this.#heldBits < count) {
      const byte = this.#bytes[this.#position++];
      if (byte === undefined) throw new WireError("end of stream");
      this.#held |= byte << this.#heldBits;
      this.#heldBits += 8;
    }
    const value = this.#held & ((1 << count) - 1);
    this.#held >>>= count;
    this.#heldBits -= count;
    return value;
  }

  #symbol({ counts, symbols }: Huffman): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= MAX_BITS; length++) {
      code |= this.#bits(1);
      const count = counts[length] as number;
      if (code - count < first) return symbols[index + (code - first)] as number;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new WireError("huffman code");
  }

  #reserve(count: number): void {
    if (this.#length + count > this.#maxBytes) throw new WireError("too long");
    if (this.#length + count <= this.#out.length) return;
    const larger = new Uint8Array(Math.max(this.#length + count, this.#out.length * 2));
    larger.set(this.#out);
    this.#out = larger;
  }

  #stored(): void {
    this.#held = this.#heldBits = 0;
    const length = this.#bits(16);
    if (length !== (this.#bits(16) ^ 0xffff)) throw new WireError("stored length");
    if (this.#position + length > this.#bytes.length) throw new WireError("end of stream");
    this.#reserve(length);
    this.#out.set(this.#bytes.subarray(this.#position, this.#position + length), this.#length);
    this.#position += length;
    this.#length += length;
  }

  #dynamic(): void {
    const lengthCodes = this.#bits(5) + 257;
    const distanceCodes = this.#bits(5) + 1;
    const codeLengths = new Array<number>(19).fill(0);
    const given = this.#bits(4) + 4;
    for (let at = 0; at < given; at++) codeLengths[ORDER[at] as number] = this.#bits(3);
    const code = huffman(codeLengths);
    const lengths: number[] = [];
    while (lengths.length < lengthCodes + distanceCodes) {
      const symbol = this.#symbol(code);
      if (symbol < 16) lengths.push(symbol);
      else if (symbol === 16) this.#repeat(lengths, lengths.at(-1), 3 + this.#bits(2));
      else this.#repeat(lengths, 0, symbol === 17 ? 3 + this.#bits(3) : 11 + this.#bits(7));
    }
    if (lengths.length !== lengthCodes + distanceCodes) throw new WireError("code lengths");
    this.#compressed(huffman(lengths.slice(0, lengthCodes)), huffman(lengths.slice(lengthCodes)));
  }

  #repeat(lengths: number[], length: number | undefined, times: number): void {
    if (length === undefined) throw new WireError("code lengths");
    for (let at = 0; at < times; at++) lengths.push(length);
  }

  #compressed(lengths: Huffman, distances: Huffman): void {
    for (;;) {
      const symbol = this.#symbol(lengths);
      if (symbol === END_OF_BLOCK) return;
      if (symbol < END_OF_BLOCK) {
        this.#reserve(1);
        this.#out[this.#length++] = symbol;
      } else this.#copy(symbol - 257, distances);
    }
  }

  #copy(lengthSymbol: number, distances: Huffman): void {
    const base = LENGTH_BASE[lengthSymbol];
    if (base === undefined) throw new WireError("length");
    const length = base + this.#bits(LENGTH_BITS[lengthSymbol] as number);
    const distanceSymbol = this.#symbol(distances);
    const distanceBase = DISTANCE_BASE[distanceSymbol];
    if (distanceBase === undefined) throw new WireError("distance");
    const distance = distanceBase + this.#bits(DISTANCE_BITS[distanceSymbol] as number);
    if (distance > this.#length) throw new WireError("distance");
    this.#reserve(length);
    for (let end = this.#length + length; this.#length < end; this.#length++)
      this.#out[this.#length] = this.#out[this.#length - distance] as number;
  }
}

/** Whether the bytes begin with the header of a zlib stream (RFC 1950). */
const hasZlibHeader = ([method = 0, flags = 0]: Uint8Array): boolean =>
  (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0 && (flags & 0x20) === 0;

/** Where the compressed bytes begin, behind the header of a gzip member (RFC 1952). */
const afterGzipHeader = (bytes: Uint8Array): number => {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8) throw new WireError("gzip header");
  const flags = bytes[3] ?? 0;
  let at = 10;
  if (flags & 4) at += 2 + ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end === -1) throw new WireError("gzip header");
    at = end + 1;
  }
  return flags & 2 ? at + 2 : at;
};

/** Some SDKs write no header: then the stream must fill the bytes, so that other bytes are not read as one. */
const inflateBare = (bytes: Uint8Array, maxBytes: number): Uint8Array => {
  const inflater = new Inflater(bytes, 0, maxBytes);
  const inflated = inflater.run();
  if (!inflater.isAtEnd) throw new WireError("zlib header");
  return inflated;
};

/**
 * Decompresses a message's body. Its checksum is not looked at: an archive's records are authentic as they stand.
 *
 * @throws WireError when the bytes are not what they should be, or hold more than `maxBytes`
 */
export const inflate = (bytes: Uint8Array, format: "deflate" | "gzip", maxBytes: number): Uint8Array => {
  if (format === "gzip") return new Inflater(bytes, afterGzipHeader(bytes), maxBytes).run();
  return hasZlibHeader(bytes) ? new Inflater(bytes, 2, maxBytes).run() : inflateBare(bytes, maxBytes);
};
