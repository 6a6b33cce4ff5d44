import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { browserPrimitives, countingCalls, recordByRecord } from "../../test-support/browserPrimitives.ts";
import { nodePrimitives } from "../../test-support/nodePrimitives.ts";
import { runs } from "../../../../test/runs.ts";
import { Pace } from "../util/pace.ts";
import type { ArchivePrimitives, RecordGcm } from "./archivePrimitives.ts";
import { BatchLayout } from "./batchLayout.ts";
import { besidePortable, RecordCipher } from "./recordCipher.ts";
import { OpenFailure, RecordOpener } from "./recordOpener.ts";
import { RecordSealer } from "./recordSealer.ts";

const key = new Uint8Array(32).fill(9);
const nonceOfThree = Uint8Array.of(254, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255);
const pace = new Pace(undefined);
const recordsOf = (...lengths: number[]): Uint8Array[] => lengths.map((length, index) => new Uint8Array(length).fill(index + 1));

const sealWith = async (plaintexts: readonly Uint8Array[], primitives: ArchivePrimitives, nonce = nonceOfThree): Promise<Uint8Array> => {
  const sealer = new RecordSealer(await RecordCipher.create(key, primitives), nonce, pace);
  for (const plaintext of plaintexts) sealer.add(plaintext);
  return (await sealer.seal()).slice();
};

/** The sealed records as a reader lays them out. */
const layOut = (sealed: Uint8Array): BatchLayout => {
  const batch = new BatchLayout(0);
  const view = new DataView(sealed.buffer, sealed.byteOffset, sealed.length);
  for (let at = 0; at < sealed.length; ) {
    const length = view.getUint32(at, true) - 16;
    const start = batch.add(length);
    batch.bytes.set(sealed.subarray(at + 4, at + 4 + length), start);
    batch.bytes.set(sealed.subarray(at + 4 + length, at + 20 + length), batch.length - 16);
    at += 20 + length;
  }
  return batch;
};

const openWith = async (sealed: Uint8Array, primitives: ArchivePrimitives, nonce = nonceOfThree): Promise<Uint8Array[]> => {
  const opener = new RecordOpener(await RecordCipher.create(key, primitives), nonce, pace);
  return (await opener.open(layOut(sealed))).records().map((record) => record.slice());
};

describe("each record", () => {
  test.each([
    ["0 bytes", [0, 0, 0], 0],
    ["decisions of consent", [120, 120, 120], 0],
    ["short texts", [323, 323, 323, 323], 0],
    ["1,499 bytes", [1_499], 0],
    ["1,500 bytes", [1_500], 1],
    ["2 kB", [2_000, 2_000], 2],
    ["100 kB", [100_000], 1],
    ["short records and one long enough for all", [0, 100, 323, 6_000], 4],
    ["short records and one that is not", [100, 100, 100, 323, 6_000], 0],
  ])("default: how a page takes %s", async (_, lengths, each) => {
    const plaintexts = recordsOf(...lengths);
    const { primitives, calls } = countingCalls(browserPrimitives);
    const sealed = await sealWith(plaintexts, primitives);
    expect(await openWith(sealed, primitives)).toEqual(plaintexts);
    expect(calls).toEqual({ seal: each, open: each });
  });

  test.each([
    [true, 1_500],
    [false, 320],
  ])("default: a page's calls pay beside AES in WebAssembly (%s) from %i bytes on", (isInWasm, fromBytes) => {
    const gcm = browserPrimitives.recordGcm?.(key) as RecordGcm;
    expect(besidePortable(gcm, isInWasm).fromBytes).toBe(fromBytes);
    expect(besidePortable({ ...gcm, fromBytesInWasm: undefined as never }, isInWasm).fromBytes).toBe(320);
  });

  test("behavior: Node's primitives have no call for one record", () => {
    expect(nodePrimitives.recordGcm).toBeUndefined();
  });

  test("behavior: both ways seal the same bytes, and open what the other sealed", async () => {
    const nonces = fc.uint8Array({ minLength: 12, maxLength: 12 });
    const plaintexts = fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(plaintexts, nonces, async (records, nonce) => {
        const [each, together] = [await sealWith(records, recordByRecord, nonce), await sealWith(records, {}, nonce)];
        expect(each).toEqual(together);
        expect(await openWith(together, recordByRecord, nonce)).toEqual(records);
        expect(await openWith(each, {}, nonce)).toEqual(records);
      }),
      { numRuns: runs(60) },
    );
  });

  test("behavior: batches follow each other with one nonce, whichever way each of them goes", async () => {
    const batches = [recordsOf(4_000, 1), recordsOf(5, 6, 7), recordsOf(1_900)];
    const cipherOf = (primitives: ArchivePrimitives) => RecordCipher.create(key, primitives);
    const sealer = new RecordSealer(await cipherOf(browserPrimitives), nonceOfThree, pace);
    const opener = new RecordOpener(await cipherOf(browserPrimitives), nonceOfThree, pace);
    const together = new RecordOpener(await cipherOf({}), nonceOfThree, pace);
    for (const plaintexts of batches) {
      for (const plaintext of plaintexts) sealer.add(plaintext);
      const sealed = (await sealer.seal()).slice();
      expect((await opener.open(layOut(sealed))).records()).toEqual(plaintexts);
      expect((await together.open(layOut(sealed))).records()).toEqual(plaintexts);
    }
  });

  test("behavior: more records than go together", async () => {
    const plaintexts = Array.from({ length: 700 }, (_, index) => new Uint8Array(1_600).fill(index));
    const sealed = await sealWith(plaintexts, browserPrimitives);
    expect(await openWith(sealed, browserPrimitives)).toEqual(plaintexts);
  });

  test.each([0, 1, 2])("behavior: a damaged record, number %i, is named as in a batch", async (damaged) => {
    const sealed = await sealWith(recordsOf(1_500, 1_600, 1_700), browserPrimitives);
    const at = [0, 1_520, 3_140][damaged] as number;
    sealed[at + 4] = (sealed[at + 4] as number) ^ 1;
    for (const primitives of [browserPrimitives, {}]) {
      const failure: unknown = await openWith(sealed, primitives).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(OpenFailure);
      expect(failure).toMatchObject({ index: damaged, isKeyRight: true });
    }
  });

  test("behavior: who aborts meanwhile gets the signal's reason", async () => {
    const sealed = await sealWith(recordsOf(500, 600), browserPrimitives);
    const aborting = new AbortController();
    const aborted: ArchivePrimitives = {
      recordGcm: () => ({
        fromBytes: 0,
        seal: () => Promise.reject(new Error("not asked for")),
        open: (_nonce, record) => (aborting.abort("enough"), Promise.resolve(record.subarray(16))),
      }),
    };
    const opener = new RecordOpener(await RecordCipher.create(key, aborted), nonceOfThree, new Pace(aborting.signal));
    await expect(opener.open(layOut(sealed))).rejects.toBe("enough");
  });
});
