import { createCipheriv } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { BatchLayout } from "./batchLayout.ts";
import { Ghash } from "./ghash.ts";
import { nobleAes256 } from "./nobleAes256.ts";
import { NonceCounter } from "./nonceCounter.ts";
import { runs } from "../../../../test/runs.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

test("behavior: with AES it gives the tags of AES-256-GCM", () => {
  fc.assert(
    fc.property(bytes(32), bytes(12), fc.uint8Array({ maxLength: 600 }), (key, nonce, plaintext) => {
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
      const encryptBlocks = nobleAes256(key);
      const batch = new BatchLayout(0);
      const start = batch.add(ciphertext.length);
      batch.bytes.set(ciphertext, start);
      const tag = batch.tagOffset(0);
      new Ghash(encryptBlocks(new Uint8Array(16))).hashInto(batch.words, 0, tag >>> 2, batch.words, tag >>> 2);
      const counters = new Uint32Array(8);
      new NonceCounter(nonce).writeCounterBlocks(counters, 0, 0);
      const mask = encryptBlocks(new Uint8Array(counters.buffer)).subarray(16);
      const made = batch.bytes.slice(tag, tag + 16).map((byte, at) => byte ^ (mask[at] as number));
      expect(Buffer.from(made).equals(cipher.getAuthTag())).toBe(true);
    }),
    { numRuns: runs(300) },
  );
});
