import { createDecipheriv } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runs } from "../../../../test/runs.ts";
import { Pace } from "../util/pace.ts";
import { BatchLayout } from "./batchLayout.ts";
import { Ghash } from "./ghash.ts";
import { ghashLayout } from "./ghashModule.ts";
import { NonceCounter } from "./nonceCounter.ts";
import { RecordCipher } from "./recordCipher.ts";
import { RecordSealer } from "./recordSealer.ts";
import { createWasmGhash, type HashRecords } from "./wasmGhash.ts";
import { ownWasmEngine, type WasmEngine } from "./wasmEngine.ts";

const webAssembly = ownWasmEngine() as WasmEngine;
const roomBytes = ghashLayout.endBytes - ghashLayout.blocks;
const hashKey = Uint8Array.from({ length: 16 }, (_, at) => 7 * at + 1);

function batchOf(lengths: readonly number[]): BatchLayout {
  const batch = new BatchLayout(0);
  for (const [index, length] of lengths.entries()) {
    const start = batch.add(length);
    for (let at = 0; at < length; at++) batch.bytes[start + at] = (at * 31 + index * 7 + 5) & 0xff;
  }
  return batch;
}

/** The batch with the hashes that JavaScript makes. */
function hashedInJs(lengths: readonly number[]): Uint8Array {
  const batch = batchOf(lengths);
  const ghash = new Ghash(hashKey);
  for (const [index, start] of batch.starts.entries()) {
    const tag = batch.tagOffset(index) >>> 2;
    if (lengths[index] !== 0) ghash.hashInto(batch.words, start >>> 2, tag, batch.words, tag);
  }
  return batch.bytes;
}

describe("GHASH in WebAssembly", () => {
  test("default: it hashes what JavaScript does, whatever the lengths", async () => {
    const hash = (await createWasmGhash(webAssembly)) as HashRecords;
    fc.assert(
      fc.property(fc.array(fc.nat(700), { minLength: 1, maxLength: 40 }), (lengths) => {
        const batch = batchOf(lengths);
        expect(hash(new Ghash(hashKey).tables, batch, 0)).toBe(lengths.length);
        expect(Buffer.from(batch.bytes).equals(hashedInJs(lengths))).toBe(true);
      }),
      { numRuns: runs(100) },
    );
  });

  test("behavior: it takes what it has room for, and leaves a record that is too large", async () => {
    const hash = (await createWasmGhash(webAssembly)) as HashRecords;
    const { tables } = new Ghash(hashKey);
    const lengths = [100, roomBytes - 100, 300, roomBytes, 5];
    const batch = batchOf(lengths);
    expect([0, 1, 2, 3, 4].map((from) => hash(tables, batchOf(lengths), from))).toEqual([1, 2, 3, 3, 5]);
    for (const from of [0, 1, 2, 4]) hash(tables, batch, from);
    const expected = hashedInJs(lengths);
    const tag = batch.tagOffset(3);
    expected.fill(0, tag, tag + 16);
    expect(Buffer.from(batch.bytes).equals(expected)).toBe(true);
  });

  test("behavior: nothing of the key and of the records stays in its memory", async () => {
    let memory = new Uint8Array();
    const watched: WasmEngine = {
      async instantiate(module) {
        const made = await webAssembly.instantiate(module);
        memory = new Uint8Array((made.instance.exports as { memory: { buffer: ArrayBuffer } }).memory.buffer);
        return made;
      },
    };
    const hash = (await createWasmGhash(watched)) as HashRecords;
    hash(new Ghash(hashKey).tables, batchOf([500, 20]), 0);
    expect(memory).toHaveLength(ghashLayout.endBytes);
    expect(memory.every((byte) => byte === 0)).toBe(true);
  });

  test("behavior: without WebAssembly, or where it is forbidden, there is none", async () => {
    expect(await createWasmGhash(undefined)).toBeUndefined();
    const refusing: WasmEngine = { instantiate: () => Promise.reject(new EvalError("Refused by the policy of the page")) };
    expect(await createWasmGhash(refusing)).toBeUndefined();
  });

  test("behavior: an engine that runs the module wrongly has none", async () => {
    const wrong: WasmEngine = {
      async instantiate(module) {
        const { instance } = await webAssembly.instantiate(module);
        return { instance: { exports: { ...instance.exports, hash: () => undefined } } };
      },
    };
    expect(await createWasmGhash(wrong)).toBeUndefined();
  });

  test("behavior: a record that has no room is sealed beside those that have", async () => {
    const key = new Uint8Array(32).fill(9);
    const nonce = new Uint8Array(12);
    const sealer = new RecordSealer(await RecordCipher.create(key), nonce, new Pace(undefined));
    const records = [80, roomBytes + 1_000, 0, 343].map((length) => new Uint8Array(length).fill(length));
    for (const record of records) sealer.add(record);
    const sealed = (await sealer.seal()).slice();
    const counter = new NonceCounter(nonce);
    let at = 0;
    for (const record of records) {
      const end = at + 4 + record.length + 16;
      const decipher = createDecipheriv("aes-256-gcm", key, counter.toBytes());
      decipher.setAuthTag(sealed.subarray(end - 16, end));
      expect(Buffer.concat([decipher.update(sealed.subarray(at + 4, end - 16)), decipher.final()]).equals(record)).toBe(true);
      counter.increment();
      at = end;
    }
    expect(at).toBe(sealed.length);
  });
});
