import { breathe, type CallOptions } from "@xmtp-backup/core";
import { concat, utf8, wipe } from "../util/bytes.ts";
import type { Argon2Cost } from "./argon2Cost.ts";
import { type BlockMixer, blockMixer } from "./blockMixer.ts";

const blockBytes = 1_024;
const tagBytes = 32;
const slices = 4;
/** Blocks that are mixed before anything else has its turn: a few milliseconds of a phone. */
const blocksPerStep = 1_024;
/** What lies before the blocks: the mixer's own, zeros, the input of the addresses, a block between, and the addresses. */
const [zero, input, between, addresses, first] = [1, 2, 3, 4, 5].map((block) => block * blockBytes) as [
  number,
  number,
  number,
  number,
  number,
];

/**
 * 32 bytes of a password by Argon2id (RFC 9106), in steps between which everything else goes on and an abort ends it.
 *
 * @throws RangeError when there is not so much memory
 */
export async function argon2id(password: string, salt: Uint8Array, cost: Argon2Cost, { signal }: CallOptions = {}): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const { memoryKiB, iterations, parallelism } = cost;
  const hash = await longHash();
  const segment = Math.floor(memoryKiB / (slices * parallelism));
  const lane = segment * slices;
  const mixer = await blockMixer(first + lane * parallelism * blockBytes);
  const filling = new Filling(mixer, { ...cost, segment, lane });
  const secret = utf8(password);
  const start = hash.short(
    concat(
      ...[parallelism, tagBytes, memoryKiB, iterations, 0x13, 2, secret.length].map(le32),
      secret,
      le32(salt.length),
      salt,
      le32(0),
      le32(0),
    ),
  );
  try {
    for (let each = 0; each < parallelism; each++) {
      for (let column = 0; column < 2; column++) filling.put(each * lane + column, hash.block(concat(start, le32(column), le32(each))));
    }
    await filling.run(signal);
    const last = filling.last();
    const tag = hash.tag(last);
    wipe([last]);
    return tag;
  } finally {
    wipe([secret, start]);
    filling.wipe();
  }
}

type Shape = Argon2Cost & { /** Blocks of a lane, and of a quarter of it. */ lane: number; segment: number };

/** The blocks of one computation. */
class Filling {
  readonly #mixer: BlockMixer;
  readonly #shape: Shape;
  readonly #words: Uint32Array;
  #written = 0;
  #mixed = 0;

  constructor(mixer: BlockMixer, shape: Shape) {
    this.#mixer = mixer;
    this.#shape = shape;
    this.#words = new Uint32Array(mixer.memory.buffer);
  }

  put(block: number, bytes: Uint8Array): void {
    new Uint8Array(this.#mixer.memory.buffer).set(bytes, addressOf(block));
    this.#written = Math.max(this.#written, block + 1);
  }

  async run(signal: AbortSignal | undefined): Promise<void> {
    const { iterations, parallelism } = this.#shape;
    for (let pass = 0; pass < iterations; pass++) {
      for (let slice = 0; slice < slices; slice++) {
        for (let lane = 0; lane < parallelism; lane++) await this.#fillSegment(pass, slice, lane, signal);
      }
    }
  }

  /** The last blocks of all lanes in one. */
  last(): Uint8Array {
    const { lane, parallelism } = this.#shape;
    const result = new Uint8Array(blockBytes);
    for (let each = 1; each <= parallelism; each++) {
      const block = new Uint8Array(this.#mixer.memory.buffer, addressOf(each * lane - 1), blockBytes);
      block.forEach((byte, index) => (result[index] = (result[index] ?? 0) ^ byte));
    }
    return result;
  }

  wipe(): void {
    new Uint8Array(this.#mixer.memory.buffer, 0, addressOf(this.#written)).fill(0);
  }

  async #fillSegment(pass: number, slice: number, lane: number, signal: AbortSignal | undefined): Promise<void> {
    const { segment, lane: length } = this.#shape;
    const areAddressesFixed = pass === 0 && slice < 2;
    for (let index = pass === 0 && slice === 0 ? 2 : 0; index < segment; index++) {
      const column = slice * segment + index;
      const current = lane * length + column;
      const previous = column === 0 ? current + length - 1 : current - 1;
      if (areAddressesFixed && (index % 128 === 0 || column === 2)) this.#makeAddresses(pass, slice, lane, Math.floor(index / 128) + 1);
      const at = (areAddressesFixed ? addresses + (index % 128) * 8 : addressOf(previous)) / 4;
      const reference = this.#reference(pass, slice, lane, index, this.#words[at] ?? 0, this.#words[at + 1] ?? 0);
      this.#mixer.mix(addressOf(previous), addressOf(reference), addressOf(current));
      this.#written = Math.max(this.#written, current + 1);
      if (++this.#mixed % blocksPerStep > 0) continue;
      await breathe();
      signal?.throwIfAborted();
    }
  }

  /** In the first half of the first pass the addresses don't depend on the password. */
  #makeAddresses(pass: number, slice: number, lane: number, counter: number): void {
    const { parallelism, lane: length, iterations } = this.#shape;
    this.#words.fill(0, input / 4, first / 4);
    [pass, lane, slice, parallelism * length, iterations, 2, counter].forEach(
      (value, index) => (this.#words[input / 4 + index * 2] = value),
    );
    this.#mixer.mix(zero, input, between);
    this.#mixer.mix(zero, between, addresses);
  }

  /** The block that two words of pseudo-random bits choose (RFC 9106, 3.4.2). */
  #reference(pass: number, slice: number, lane: number, index: number, low: number, high: number): number {
    const { segment, lane: length, parallelism } = this.#shape;
    const chosen = pass === 0 && slice === 0 ? lane : high % parallelism;
    const done = pass === 0 ? slice * segment : length - segment;
    const area = chosen === lane ? done + index - 1 : done - (index === 0 ? 1 : 0);
    const start = pass === 0 || slice === slices - 1 ? 0 : (slice + 1) * segment;
    const back = highOf(area, highOf(low, low));
    return chosen * length + ((start + area - 1 - back) % length);
  }
}

function addressOf(block: number): number {
  return first + block * blockBytes;
}

/** The upper half of the product of two numbers of 32 bits. */
function highOf(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const other = aLow * bHigh + (middle & 0xffff);
  return aHigh * bHigh + (middle >>> 16) + (other >>> 16);
}

/** The hash function of variable length (RFC 9106, 3.3), over BLAKE2b: WebAssembly that most screens never use. */
async function longHash() {
  const { createBLAKE2b } = await import("hash-wasm");
  const [long, brief] = [await createBLAKE2b(512), await createBLAKE2b(tagBytes * 8)];
  const short = (bytes: Uint8Array) => long.init().update(bytes).digest("binary");
  return {
    short,
    tag: (bytes: Uint8Array): Uint8Array =>
      brief
        .init()
        .update(concat(le32(tagBytes), bytes))
        .digest("binary"),
    block(bytes: Uint8Array): Uint8Array {
      const result = new Uint8Array(blockBytes);
      let part = short(concat(le32(blockBytes), bytes));
      result.set(part.subarray(0, 32), 0);
      for (let offset = 32; offset <= blockBytes - 64; offset += 32) {
        part = short(part);
        result.set(offset === blockBytes - 64 ? part : part.subarray(0, 32), offset);
      }
      return result;
    },
  };
}

function le32(value: number): Uint8Array {
  return new Uint8Array([value, value >>> 8, value >>> 16, value >>> 24]);
}
