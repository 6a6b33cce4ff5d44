import { BatchLayout, TAG_BYTES } from "./batchLayout.ts";
import { Ghash } from "./ghash.ts";
import { ghashLayout, ghashModule } from "./ghashModule.ts";
import { ownWasmEngine, type WasmEngine } from "./wasmEngine.ts";

/** How many bytes of a batch it takes at a time. */
const MOST_BYTES = ghashLayout.endBytes - ghashLayout.blocks;

/**
 * Puts the GHASH of records where their tags stand, from the record `from` on, and says which record is the next. It takes as many as it has room
 * for; a record that is too large is left to the caller.
 */
export type HashRecords = (tables: Int32Array, batch: BatchLayout, from: number) => number;

const createHashRecords = async (engine: WasmEngine): Promise<HashRecords> => {
  const { instance } = await engine.instantiate(ghashModule());
  const exports = instance.exports as { memory: { buffer: ArrayBuffer }; hash(at: number, end: number): void };
  const memory = new Uint8Array(exports.memory.buffer);
  const hashRecords: HashRecords = (tables, batch, from) => {
    const { starts, lengths, bytes } = batch;
    const start = starts[from] as number;
    let next = from;
    let end = start;
    for (; next < starts.length && batch.tagOffset(next) + TAG_BYTES - start <= MOST_BYTES; next++) end = batch.tagOffset(next) + TAG_BYTES;
    if (next === from) return from;
    const shift = ghashLayout.blocks - start;
    try {
      memory.set(new Uint8Array(tables.buffer), ghashLayout.tables);
      memory.set(bytes.subarray(start, end), ghashLayout.blocks);
      for (let index = from; index < next; index++) {
        // The state stays zero over the only block of an empty record.
        if (lengths[index] !== 0) exports.hash((starts[index] as number) + shift, batch.tagOffset(index) + shift);
      }
      bytes.set(memory.subarray(ghashLayout.blocks, end + shift), start);
    } finally {
      // The memory outlives the key.
      memory.fill(0, 0, end + shift);
    }
    return next;
  };
  if (!isRight(hashRecords)) throw new Error("This engine does not run the module as it should.");
  return hashRecords;
};

/** Whether it hashes what JavaScript does: an engine may run what it compiles wrongly. */
const isRight = (hashRecords: HashRecords): boolean => {
  const ghash = new Ghash(Uint8Array.from({ length: TAG_BYTES }, (_, index) => 7 * index + 1));
  const batch = new BatchLayout(0);
  const start = batch.add(40);
  batch.bytes.fill(0xb7, start, start + 40);
  const tag = batch.tagOffset(0) >>> 2;
  const expected = new Uint32Array(TAG_BYTES / 4);
  ghash.hashInto(batch.words, start >>> 2, tag, expected, 0);
  hashRecords(ghash.tables, batch, 0);
  return expected.every((word, index) => word === batch.words[tag + index]);
};

/**
 * GHASH in WebAssembly. Undefined where there is none with SIMD, where a page's policy forbids it (`wasm-unsafe-eval`), and where it hashes
 * wrongly.
 */
export const createWasmGhash = async (engine: WasmEngine | undefined): Promise<HashRecords | undefined> =>
  engine === undefined ? undefined : createHashRecords(engine).catch(() => undefined);

let created: ReturnType<typeof createWasmGhash> | undefined;

/** The same by the engine that runs this, for all ciphers. */
export const wasmGhash = (): ReturnType<typeof createWasmGhash> => (created ??= createWasmGhash(ownWasmEngine()));
