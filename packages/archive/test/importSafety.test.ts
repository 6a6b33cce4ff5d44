import { zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RecordCipher } from "../src/crypto/recordCipher.ts";
import { FRAMING_BYTES } from "../src/write/leadPlanner.ts";
import { sealArchive } from "../src/write/sealArchive.ts";
import { testKey } from "../test-support/archives.ts";
import { frameLayout } from "../test-support/frameLayout.ts";
import { type ModelOptions, runImporter } from "../test-support/importerModel.ts";
import { nodePrimitives } from "../test-support/nodePrimitives.ts";
import { writeSdkLike } from "../test-support/sdkLikeArchive.ts";
import { runs } from "../../../test/runs.ts";

const worst: ModelOptions = { waits: () => Infinity };
const worstOfOld: ModelOptions = { ...worst, drainsFirst: false };

const plaintextsOf = (sizes: readonly number[]) => sizes.map((size) => new Uint8Array(size));

const seal = async (sizes: readonly number[]): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  const cipher = await RecordCipher.create(testKey, nodePrimitives);
  for await (const part of sealArchive([plaintextsOf(sizes)], cipher, undefined)) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
};

const layoutOf = (archive: Uint8Array) => frameLayout(archive, (frame) => zstdDecompressSync(frame));

/** Sizes of plaintexts: the metadata's, then mostly small ones, with large ones and edges in between. */
const size = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 700 }) },
  { weight: 3, arbitrary: fc.integer({ min: 700, max: 5000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 5000, max: 60_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(1003, 1004, 1005, 2027, 2028, 8147, 8148, 8149, 8168, 8169, 8192) },
);
const sizes = fc
  .tuple(fc.integer({ min: 0, max: 1004 }), fc.array(size, { maxLength: 120 }))
  .map(([metadata, rest]) => [metadata, ...rest]);

/** Which refills wait, and how long: any mixture. */
const waits = fc.array(fc.constantFrom(0, 1, 2, Infinity), { minLength: 1, maxLength: 40 });

describe("importer model", () => {
  test("behavior: loses its place in the shapes that hang the SDKs", async () => {
    const shapes = [
      [30, 300, 10_300],
      [30, 300, ...Array.from({ length: 200 }, () => 1750)],
      [30, 300, ...Array.from({ length: 300 }, (_, at) => (at % 20 === 19 ? 20_250 : 500))],
      [30, 300, 900_000],
    ];
    for (const shape of shapes) {
      const archive = await writeSdkLike(plaintextsOf(shape), testKey);
      expect(runImporter(archive, layoutOf(archive), worst).outcome).toBe("lost");
    }
  });

  test("behavior: imports what the SDKs import", async () => {
    const shapes = [[30], [30, 300], [30, 300, ...Array.from({ length: 200 }, () => 330)]];
    for (const shape of shapes) {
      const archive = await writeSdkLike(plaintextsOf(shape), testKey);
      expect(runImporter(archive, layoutOf(archive), worst)).toEqual({ outcome: "imported", records: shape.length });
    }
  });

  test("behavior: imports everything from memory, where nothing has to wait", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async (shape) => {
        const archive = await writeSdkLike(plaintextsOf(shape), testKey);
        expect(runImporter(archive, layoutOf(archive), { waits: () => 0 }).outcome).toBe("imported");
      }),
      { numRuns: runs(40) },
    );
  });
});

describe("what is written is safe to import", () => {
  test("behavior: whatever the sizes, and wherever a refill waits", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, waits, async (shape, pattern) => {
        const archive = await seal(shape);
        const layout = layoutOf(archive);
        const patterned = { waits: (refill: number) => pattern[refill % pattern.length] ?? 0 };
        for (const options of [worst, worstOfOld, patterned, { ...patterned, drainsFirst: false }]) {
          expect(runImporter(archive, layout, options).outcome).toBe("imported");
        }
      }),
      { numRuns: runs(1000) },
    );
  });

  test("behavior: with larger buffers that begin anywhere, too", async () => {
    const refills = fc.record({
      refillBytes: fc.integer({ min: 8192, max: 70_000 }),
      firstRefillBytes: fc.integer({ min: 8192, max: 70_000 }),
    });
    await fc.assert(
      fc.asyncProperty(sizes, refills, waits, async (shape, buffer, pattern) => {
        const archive = await seal(shape);
        const layout = layoutOf(archive);
        for (const drainsFirst of [true, false]) {
          expect(runImporter(archive, layout, { ...worst, ...buffer, drainsFirst }).outcome).toBe("imported");
          const options = { ...buffer, drainsFirst, waits: (refill: number) => pattern[refill % pattern.length] ?? 0 };
          expect(runImporter(archive, layout, options).outcome).toBe("imported");
        }
      }),
      { numRuns: runs(500) },
    );
  });

  test.each([1, 500, 900, 983, 984, 1003, 1004, 1005, 1024, 1500, 2000, 4096, 8169, 10_000, 100_000])(
    "behavior: a hundred records of %i bytes, alone and after small ones",
    async (bytes) => {
      const same = Array.from({ length: 100 }, () => bytes);
      for (const shape of [
        [30, ...same],
        [30, 0, 0, 0, ...same],
        [30, ...same.map((large, at) => (at % 3 === 0 ? large : 10))],
      ]) {
        const archive = await seal(shape);
        const layout = layoutOf(archive);
        expect(runImporter(archive, layout, worst).outcome).toBe("imported");
        expect(runImporter(archive, layout, worstOfOld).outcome).toBe("imported");
      }
    },
  );

  test("behavior: the lead costs less than 3 percent, and nothing where records are small", async () => {
    const overhead = async (shape: number[]) => {
      const archive = await seal(shape);
      const needed = shape.reduce((total, bytes) => total + bytes + FRAMING_BYTES, 0);
      return archive.length / needed - 1;
    };
    expect(await overhead([30, ...Array.from({ length: 3000 }, () => 323)])).toBeLessThan(0.001);
    expect(await overhead([30, ...Array.from({ length: 500 }, () => 1004)])).toBeLessThan(0.005);
    expect(await overhead([30, ...Array.from({ length: 500 }, () => 1500)])).toBeLessThan(0.03);
    expect(await overhead([30, ...Array.from({ length: 100 }, () => 10_000)])).toBeLessThan(0.03);
    expect(await overhead([30, 900_000])).toBeLessThan(0.03);
  });
});
