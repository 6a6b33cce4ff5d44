import type { Aes256 } from "./archivePrimitives.ts";
import { S_BOX_CONSTANT } from "./aesField.ts";
import { aesLayout, aesModule, BLOCKS_TOGETHER, EQUAL_ROUNDS, type LookUp } from "./aesModule.ts";
import { ownWasmEngine, type WasmEngine } from "./wasmEngine.ts";
import { aesTables, lastShift, rowsFurther, sBox, shifted, written } from "./aesTables.ts";

const BLOCK_BYTES = 16;
const PART_BYTES = 32_768;
const KEY_BYTES = 32;

type Instance = { memory: Uint8Array; encrypt(at: number, end: number): void };

const start = async (engine: WasmEngine, how: LookUp): Promise<Instance> => {
  const { instance } = await engine.instantiate(aesModule(how));
  const { memory, encrypt } = instance.exports as { memory: { buffer: ArrayBuffer }; encrypt: Instance["encrypt"] };
  const bytes = new Uint8Array(memory.buffer);
  Object.values(aesTables).forEach((table, index) => bytes.set(table, aesLayout.tables + index * BLOCK_BYTES));
  bytes.set(lastShift, aesLayout.lastShift);
  for (let round = 1; round <= EQUAL_ROUNDS; round++) {
    const at = keyOffset(round);
    bytes.set(rowsFurther(round, 1), at + BLOCK_BYTES);
    bytes.set(rowsFurther(round, 3), at + 2 * BLOCK_BYTES);
  }
  const started = { memory: bytes, encrypt };
  if (!isRight(started)) throw new Error("This engine does not run the module as it should.");
  return started;
};

/** Whether it encrypts the example of FIPS 197, appendix C.3: an engine may run what it compiles wrongly. */
const isRight = (instance: Instance): boolean => {
  const key = Uint8Array.from({ length: KEY_BYTES }, (_, index) => index);
  const blocks = Uint8Array.from({ length: (BLOCKS_TOGETHER + 1) * BLOCK_BYTES }, (_, index) => (index % BLOCK_BYTES) * 0x11);
  const encrypted = encryptWith(instance, key, blocks);
  return encrypted.every((byte, index) => byte === exampleBlock[index % BLOCK_BYTES]);
};

const exampleBlock = [0x8e, 0xa2, 0xb7, 0xca, 0x51, 0x67, 0x45, 0xbf, 0xea, 0xfc, 0x49, 0x90, 0x4b, 0x49, 0x60, 0x89];

const keyOffset = (round: number): number => aesLayout.rounds + (round - 1) * aesLayout.roundBytes;

/** The keys of all rounds (FIPS 197, section 5.2). */
const expand = (key: Uint8Array, into: Uint8Array): void => {
  into.set(key);
  let constant = 1;
  for (let at = KEY_BYTES; at < into.length; at += 4) {
    const isFirst = at % KEY_BYTES === 0;
    const isSubstituted = at % (KEY_BYTES / 2) === 0;
    for (let i = 0; i < 4; i++) {
      const before = into[at - 4 + (isFirst ? (i + 1) & 3 : i)] as number;
      into[at + i] = (into[at - KEY_BYTES + i] as number) ^ (isSubstituted ? (sBox[before] as number) : before);
    }
    if (!isFirst) continue;
    into[at] = (into[at] as number) ^ constant;
    constant <<= 1;
  }
};

const setKeys = (memory: Uint8Array, keys: Uint8Array): void => {
  const last = EQUAL_ROUNDS + 1;
  for (let at = 0; at < BLOCK_BYTES; at++) {
    memory[aesLayout.firstKey + at] = written[keys[at] as number] as number;
    // The S-box's constant passes through every later step as it is, and is added here.
    for (let round = 1; round <= EQUAL_ROUNDS; round++) {
      const byte = (keys[round * BLOCK_BYTES + shifted(at, -round)] as number) ^ S_BOX_CONSTANT;
      memory[keyOffset(round) + at] = written[byte] as number;
    }
    memory[aesLayout.lastKey + at] = (keys[last * BLOCK_BYTES + at] as number) ^ S_BOX_CONSTANT;
  }
};

const clearKeys = (memory: Uint8Array): void => {
  memory.fill(0, aesLayout.firstKey, aesLayout.firstKey + BLOCK_BYTES);
  memory.fill(0, aesLayout.lastKey, aesLayout.lastKey + BLOCK_BYTES);
  for (let round = 1; round <= EQUAL_ROUNDS; round++) memory.fill(0, keyOffset(round), keyOffset(round) + BLOCK_BYTES);
};

const encryptWith = ({ memory, encrypt }: Instance, key: Uint8Array, blocks: Uint8Array): Uint8Array => {
  const encrypted = new Uint8Array(blocks.length);
  const keys = new Uint8Array((EQUAL_ROUNDS + 2) * BLOCK_BYTES);
  const { blocks: at } = aesLayout;
  try {
    expand(key, keys);
    setKeys(memory, keys);
    for (let from = 0; from < blocks.length; from += PART_BYTES) {
      const part = blocks.subarray(from, from + PART_BYTES);
      memory.set(part, at);
      encrypt(at, at + part.length);
      encrypted.set(memory.subarray(at, at + part.length), from);
    }
  } finally {
    // The memory outlives the key, which its owner overwrites.
    keys.fill(0);
    clearKeys(memory);
    memory.fill(0, at, at + Math.min(blocks.length, PART_BYTES) + BLOCKS_TOGETHER * BLOCK_BYTES);
  }
  return encrypted;
};

/**
 * AES-256 in WebAssembly, some five times as fast as in JavaScript. Its rounds look up nothing in memory by a secret: each table fits into one
 * register of the processor, so that their time says nothing of the content. The key is expanded in JavaScript, with a table in memory.
 *
 * Undefined where there is no WebAssembly with SIMD, where a page's policy forbids it (`wasm-unsafe-eval`), and where it encrypts wrongly.
 */
export const createWasmAes256 = async (
  engine: WasmEngine | undefined,
): Promise<((key: Uint8Array) => Aes256["encryptBlocks"]) | undefined> => {
  try {
    if (engine === undefined) return undefined;
    const instance = await start(engine, "relaxed").catch(() => start(engine, "strict"));
    return (key) => (blocks) => encryptWith(instance, key, blocks);
  } catch {
    return undefined;
  }
};

let created: ReturnType<typeof createWasmAes256> | undefined;

/** The same by the engine that runs this, for all ciphers. */
export const wasmAes256 = (): ReturnType<typeof createWasmAes256> => (created ??= createWasmAes256(ownWasmEngine()));
