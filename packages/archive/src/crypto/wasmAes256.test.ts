import { createCipheriv } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runs } from "../../../../test/runs.ts";
import { sBox } from "./aesTables.ts";
import { aesLayout, aesModule } from "./aesModule.ts";
import { createWasmAes256 } from "./wasmAes256.ts";
import { ownWasmEngine, type WasmEngine } from "./wasmEngine.ts";

const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));
const webAssembly = ownWasmEngine() as WasmEngine;

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const encrypt = async (key: Uint8Array, blocks: Uint8Array): Promise<Uint8Array> => {
  const aes = await createWasmAes256(webAssembly);
  if (aes === undefined) throw new Error("no WebAssembly");
  return aes(key)(blocks);
};

const openSsl = (key: Uint8Array, blocks: Uint8Array): Uint8Array =>
  new Uint8Array(createCipheriv("aes-256-ecb", key, null).setAutoPadding(false).update(blocks));

describe("AES-256 in WebAssembly", () => {
  test("vectors: FIPS 197, appendix C.3", async () => {
    const key = Uint8Array.from({ length: 32 }, (_, at) => at);
    const block = fromHex("00112233445566778899aabbccddeeff");
    expect(await encrypt(key, block)).toEqual(fromHex("8ea2b7ca516745bfeafc49904b496089"));
  });

  test("vectors: NIST SP 800-38A, F.1.5", async () => {
    const key = fromHex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
    const blocks = fromHex(
      "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
    );
    const expected =
      "f3eed1bdb5d2a03c064b5a7e3db181f8591ccb10d410ed26dc5ba74a31362870b6ed21b99ca6f4f9f153e7b1beafed1d23304b7a39f9f3ff067d8d8f9e24ecc7";
    expect(await encrypt(key, blocks)).toEqual(fromHex(expected));
  });

  test("vectors: the S-box", () => {
    expect(Array.from(sBox.subarray(0, 8))).toEqual([0x63, 0x7c, 0x77, 0x7b, 0xf2, 0x6b, 0x6f, 0xc5]);
    expect(new Set(sBox).size).toBe(256);
  });

  test("behavior: encrypts as OpenSSL does, any number of blocks, under any key", async () => {
    const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const someBlocks = fc.integer({ min: 0, max: 9 }).chain((count) => fc.uint8Array({ minLength: 16 * count, maxLength: 16 * count }));
    await fc.assert(
      fc.asyncProperty(keys, someBlocks, async (key, blocks) => {
        expect(await encrypt(key, blocks)).toEqual(openSsl(key, blocks));
      }),
      { numRuns: runs(300) },
    );
  });

  test("behavior: each value of each byte, at each place", async () => {
    const key = new Uint8Array(32).fill(0x5a);
    const blocks = new Uint8Array(256 * 16 * 16);
    for (let value = 0; value < 256; value++) for (let at = 0; at < 16; at++) blocks[(value * 16 + at) * 16 + at] = value;
    expect(toHex(await encrypt(key, blocks))).toBe(toHex(openSsl(key, blocks)));
  });

  test("behavior: more blocks than its memory holds, and two keys that take turns", async () => {
    const aes = await createWasmAes256(webAssembly);
    const blocks = Uint8Array.from({ length: 40_016 }, (_, at) => at * 7);
    const keys = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    const ways = keys.map((key) => aes?.(key));
    for (const turn of [0, 1, 0, 1])
      expect(toHex(ways[turn]?.(blocks) as Uint8Array)).toBe(toHex(openSsl(keys[turn] as Uint8Array, blocks)));
  });

  test("behavior: a key that its owner overwrites is gone, and no trace of a call stays in its memory", async () => {
    let memory = new Uint8Array();
    const engine: WasmEngine = {
      async instantiate(module) {
        const started = await webAssembly.instantiate(module);
        memory = new Uint8Array((started.instance.exports as { memory: { buffer: ArrayBuffer } }).memory.buffer);
        return started;
      },
    };
    const aes = await createWasmAes256(engine);
    const before = memory.slice();
    const key = new Uint8Array(32).fill(0x77);
    const blocks = new Uint8Array(33_008).fill(0x66);
    const encryptBlocks = aes?.(key);
    expect(toHex(encryptBlocks?.(blocks) as Uint8Array)).toBe(toHex(openSsl(key, blocks)));
    expect(toHex(memory)).toBe(toHex(before));
    key.fill(0);
    const one = blocks.subarray(0, 16);
    expect(encryptBlocks?.(one)).toEqual(openSsl(key, one));
  });

  test("parameters: engine, without the relaxed instructions", async () => {
    const modules: number[] = [];
    const engine: WasmEngine = {
      instantiate(module) {
        modules.push(module.length);
        return modules.length === 1 ? Promise.reject(new Error("too new")) : webAssembly.instantiate(module);
      },
    };
    const aes = await createWasmAes256(engine);
    const key = new Uint8Array(32).fill(4);
    const blocks = Uint8Array.from({ length: 16 * 257 }, (_, at) => at * 31 + (at >> 4));
    expect(toHex(aes?.(key)(blocks) as Uint8Array)).toBe(toHex(openSsl(key, blocks)));
    expect(modules).toEqual([aesModule("relaxed").length, aesModule("strict").length]);
  });

  test("parameters: engine, absent or refusing", async () => {
    expect(await createWasmAes256(undefined)).toBeUndefined();
    const instantiate = () => Promise.reject(new Error("a policy forbids it"));
    expect(await createWasmAes256({ instantiate })).toBeUndefined();
  });

  test.each([
    ["the relaxed module alone is used no more", 1, true],
    ["both modules has none", 2, false],
  ])("behavior: an engine that runs %s wrongly", async (_name, wrongs, isThere) => {
    let left = wrongs;
    const wrong: WasmEngine = {
      async instantiate(module) {
        const made = await webAssembly.instantiate(module);
        if (left-- <= 0) return made;
        return { instance: { exports: { ...made.instance.exports, encrypt: () => undefined } } };
      },
    };
    const create = await createWasmAes256(wrong);
    expect(create !== undefined).toBe(isThere);
    expect(left).toBe(isThere ? -1 : 0);
  });

  test.each(["relaxed", "strict"] as const)(
    "default: a small module with %s instructions, whose blocks stand behind everything else",
    async (how) => {
      await expect(webAssembly.instantiate(aesModule(how))).resolves.toBeDefined();
      expect(aesModule(how).length).toBeLessThan(1_000);
      expect(aesLayout.rounds + 13 * aesLayout.roundBytes).toBeLessThanOrEqual(aesLayout.blocks);
    },
  );
});
