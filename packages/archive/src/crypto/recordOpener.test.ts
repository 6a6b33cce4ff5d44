import { createCipheriv } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordByRecord } from "../../test-support/browserPrimitives.ts";
import { nodePrimitives } from "../../test-support/nodePrimitives.ts";
import { Pace } from "../util/pace.ts";
import { BatchLayout } from "./batchLayout.ts";
import type { ArchivePrimitives } from "./archivePrimitives.ts";
import { nobleAes256 } from "./nobleAes256.ts";
import { RecordCipher } from "./recordCipher.ts";
import { OpenFailure, RecordOpener } from "./recordOpener.ts";
import { runs } from "../../../../test/runs.ts";

const key = new Uint8Array(32).fill(3);
const firstNonce = Uint8Array.from({ length: 12 }, (_, at) => (at === 0 ? 250 : at));

const withoutAuthenticate: ArchivePrimitives = {
  aes256: (aesKey) => ({ encryptBlocks: (nodePrimitives.aes256 as NonNullable<ArchivePrimitives["aes256"]>)(aesKey).encryptBlocks }),
};
/** As in an engine without WebAssembly. */
const withoutWasm: ArchivePrimitives = { aes256: (aesKey) => ({ encryptBlocks: nobleAes256(aesKey) }) };
const platforms: [string, ArchivePrimitives][] = [
  ["Node", nodePrimitives],
  ["Web Crypto", {}],
  ["OpenSSL without additional data", withoutAuthenticate],
  ["JavaScript alone", withoutWasm],
  ["Web Crypto, record by record", recordByRecord],
];

/** Seals with OpenSSL, one record at a time, so that nothing of this package checks itself. */
const sealAll = (plaintexts: readonly Uint8Array[]): Uint8Array[] => {
  let counter = BigInt(`0x${Buffer.from(firstNonce).reverse().toString("hex")}`);
  return plaintexts.map((plaintext) => {
    const nonce = Buffer.from(counter.toString(16).padStart(24, "0"), "hex").reverse();
    counter = (counter + 1n) % 2n ** 96n;
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    return new Uint8Array(Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
  });
};

const layOut = (sealed: readonly Uint8Array[]): BatchLayout => {
  const batch = new BatchLayout(1024);
  sealed.forEach((record, index) => {
    const start = batch.add(record.length - 16);
    batch.bytes.set(record.subarray(0, -16), start);
    batch.bytes.set(record.subarray(-16), batch.tagOffset(index));
  });
  return batch;
};

const openerOf = async (primitives: ArchivePrimitives) =>
  new RecordOpener(await RecordCipher.create(key, primitives), firstNonce, new Pace(undefined));

describe.each(platforms)("RecordOpener, with %s", (_, primitives) => {
  test("behavior: opens what OpenSSL sealed, in batches of any size", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 100 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 20 }),
        async (plaintexts, size) => {
          const opener = await openerOf(primitives);
          const sealed = sealAll(plaintexts);
          const opened: Uint8Array[] = [];
          for (let at = 0; at < sealed.length; at += size) {
            const { records } = await opener.open(layOut(sealed.slice(at, at + size)));
            opened.push(...records().map((record) => record.slice()));
          }
          expect(opened).toEqual(plaintexts);
        },
      ),
      { numRuns: runs(60) },
    );
  });

  test("behavior: no change in two places makes up for itself", async () => {
    const plaintexts = [new Uint8Array(40), new Uint8Array(0), new Uint8Array(32).fill(5), new Uint8Array(7)];
    const sealed = sealAll(plaintexts);
    const places = sealed.flatMap((record, index) => Array.from(record, (_byte, at) => [index, at] as const));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        fc.constantFrom(...places),
        fc.integer({ min: 1, max: 255 }),
        async (one, other, change) => {
          const changed = sealed.map((record) => record.slice());
          for (const [index, at] of one === other ? [one] : [one, other]) {
            const record = changed[index] as Uint8Array;
            record[at] = (record[at] as number) ^ change;
          }
          const opener = await openerOf(primitives);
          const failure: unknown = await opener.open(layOut(changed)).catch((error: unknown) => error);
          expect(failure).toBeInstanceOf(OpenFailure);
          expect((failure as OpenFailure).index).toBe(Math.min(one[0], other[0]));
        },
      ),
      { numRuns: runs(200) },
    );
  });

  test("behavior: records that are left out, doubled or moved do not open", async () => {
    const sealed = sealAll([new Uint8Array(5), new Uint8Array(6), new Uint8Array(7), new Uint8Array(8)]);
    const [a, b, c, d] = sealed as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    for (const order of [[b], [a, c], [a, b, b, c], [b, a], [a, b, d, c], [a, a, b]]) {
      const opener = await openerOf(primitives);
      await expect(opener.open(layOut(order))).rejects.toBeInstanceOf(OpenFailure);
    }
  });
});
