import { type BatchLayout, TAG_BYTES } from "./batchLayout.ts";
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
  return (tables, batch, from) => {
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
};

/** GHASH in WebAssembly. Undefined where there is none with SIMD, and where a page's policy forbids it (`wasm-unsafe-eval`). */
export const createWasmGhash = async (engine: WasmEngine | undefined): Promise<HashRecords | undefined> =>
  engine === undefined ? undefined : createHashRecords(engine).catch(() => undefined);

let created: ReturnType<typeof createWasmGhash> | undefined;

/** The same by the engine that runs this, for all ciphers. */
export const wasmGhash = (): ReturnType<typeof createWasmGhash> => (created ??= createWasmGhash(ownWasmEngine()));
