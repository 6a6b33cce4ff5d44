/** How far each of the four rounds turns its words. */
const turns = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;
const sines = Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32) | 0);

/**
 * The MD5 of bytes, which no engine's own cryptography has. It protects nothing here: some buckets with Object Lock ask for it, and know nothing better.
 * Source: RFC 1321.
 */
export function md5(bytes: Uint8Array): Uint8Array {
  const wholeBytes = bytes.length - (bytes.length % 64);
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]);
  addBlocks(state, new DataView(bytes.buffer, bytes.byteOffset, wholeBytes));
  addBlocks(state, new DataView(lastBlocks(bytes, wholeBytes).buffer));
  const digest = new DataView(new ArrayBuffer(16));
  state.forEach((word, index) => digest.setInt32(index * 4, word, true));
  return new Uint8Array(digest.buffer);
}

/** What is left after the whole blocks, a bit that ends it, and the length in bits. */
function lastBlocks(bytes: Uint8Array, wholeBytes: number): Uint8Array<ArrayBuffer> {
  const rest = bytes.subarray(wholeBytes);
  const blocks = new Uint8Array(rest.length < 56 ? 64 : 128);
  blocks.set(rest);
  blocks[rest.length] = 0x80;
  new DataView(blocks.buffer).setBigUint64(blocks.length - 8, BigInt(bytes.length) * 8n, true);
  return blocks;
}

function addBlocks(state: Int32Array, blocks: DataView): void {
  const words = new Int32Array(16);
  for (let start = 0; start < blocks.byteLength; start += 64) {
    for (let index = 0; index < 16; index++) words[index] = blocks.getInt32(start + index * 4, true);
    let [a = 0, b = 0, c = 0, d = 0] = state;
    for (let step = 0; step < 64; step++) {
      const round = step >> 4;
      const mixed = (a + mix(round, b, c, d) + (words[wordOf(round, step)] ?? 0) + (sines[step] ?? 0)) | 0;
      const by = turns[round]?.[step % 4] ?? 0;
      [a, d, c, b] = [d, c, b, (b + ((mixed << by) | (mixed >>> (32 - by)))) | 0];
    }
    [a, b, c, d].forEach((word, index) => (state[index] = (state[index] ?? 0) + word));
  }
}

function mix(round: number, b: number, c: number, d: number): number {
  if (round === 0) return (b & c) | (~b & d);
  if (round === 1) return (b & d) | (c & ~d);
  return round === 2 ? b ^ c ^ d : c ^ (b | ~d);
}

function wordOf(round: number, step: number): number {
  if (round === 0) return step;
  if (round === 1) return (5 * step + 1) % 16;
  return (round === 2 ? 3 * step + 5 : 7 * step) % 16;
}
