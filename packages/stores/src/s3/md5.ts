/** Of each of the 64 steps: how far it turns its word, which word of the block it takes, and the constant that it adds. */
const turns = Int32Array.from(
  { length: 64 },
  (_, step) =>
    [
      [7, 12, 17, 22],
      [5, 9, 14, 20],
      [4, 11, 16, 23],
      [6, 10, 15, 21],
    ][step >> 4]?.[step % 4] ?? 0,
);
const places = Int32Array.from({ length: 64 }, (_, step) => [step, 5 * step + 1, 3 * step + 5, 7 * step][step >> 4]! % 16);
const constants = Int32Array.from({ length: 64 }, (_, step) => Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32) | 0);

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
    let [a, b, c, d] = [state[0] as number, state[1] as number, state[2] as number, state[3] as number];
    for (let step = 0; step < 64; step++) {
      const mixed = step < 16 ? (b & c) | (~b & d) : step < 32 ? (b & d) | (c & ~d) : step < 48 ? b ^ c ^ d : c ^ (b | ~d);
      const sum = (a + mixed + (words[places[step] as number] as number) + (constants[step] as number)) | 0;
      const by = turns[step] as number;
      a = d;
      d = c;
      c = b;
      b = (b + ((sum << by) | (sum >>> (32 - by)))) | 0;
    }
    state[0] = (state[0] as number) + a;
    state[1] = (state[1] as number) + b;
    state[2] = (state[2] as number) + c;
    state[3] = (state[3] as number) + d;
  }
}
