import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FrameDecoder } from "../src/zstd/frameDecoder.ts";
import { Xxh64 } from "../src/zstd/xxh64.ts";
import { ArchiveError } from "../src/index.ts";
import { runs } from "../../../test/runs.ts";

const decode = async (frame: Uint8Array, cuts: readonly number[] = []): Promise<Uint8Array> => {
  const decoder = new FrameDecoder(0);
  const parts: Uint8Array[] = [];
  const edges = [0, ...cuts.map((cut) => cut % (frame.length + 1)).sort((a, b) => a - b), frame.length];
  for (let i = 1; i < edges.length; i++) {
    for (const piece of decoder.push(frame.subarray(edges[i - 1], edges[i]))) {
      if (piece === undefined) decoder.rare = await import("../src/zstd/rare.ts");
      else parts.push(piece.bytes.slice());
    }
  }
  decoder.end();
  return Buffer.concat(parts);
};

/** Data that compresses more or less: noise, runs, and repeats of what came long before. */
const data = fc
  .array(
    fc.oneof(
      fc.tuple(fc.constant("noise" as const), fc.integer({ min: 1, max: 40_000 })),
      fc.tuple(fc.constant("run" as const), fc.integer({ min: 1, max: 200_000 })),
      fc.tuple(fc.constant("again" as const), fc.integer({ min: 1, max: 60_000 })),
      fc.tuple(fc.constant("text" as const), fc.integer({ min: 1, max: 20_000 })),
    ),
    { maxLength: 12 },
  )
  .map((parts) => {
    let state = parts.length + 1;
    const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0);
    const bytes: number[] = [];
    for (const [kind, length] of parts) {
      const start = bytes.length;
      for (let i = 0; i < length; i++) {
        if (kind === "noise") bytes.push(next() >>> 24);
        else if (kind === "run") bytes.push(parts.length);
        else if (kind === "again") bytes.push(bytes[(start >> 1) + (i % Math.max(1, start >> 1))] ?? 7);
        else bytes.push(97 + ((next() >>> 24) % 6));
      }
    }
    return Uint8Array.from(bytes);
  });

const params = fc.record({
  [constants.ZSTD_c_checksumFlag]: fc.constantFrom(0, 1),
  [constants.ZSTD_c_contentSizeFlag]: fc.constantFrom(0, 1),
  [constants.ZSTD_c_compressionLevel]: fc.constantFrom(1, 3, 9, 19),
  [constants.ZSTD_c_windowLog]: fc.constantFrom(10, 14, 20, 23),
});

describe("FrameDecoder", () => {
  test("behavior: decodes what zstd encodes, however it is cut", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(data, params, fc.array(fc.nat(), { maxLength: 20 }), async (bytes, options, cuts) => {
        const frame = zstdCompressSync(bytes, { params: options });
        expect(Buffer.compare(await decode(frame, cuts), bytes)).toBe(0);
      }),
      { numRuns: runs(100) },
    );
  });

  test("behavior: agrees with zstd on what is damaged, or is stricter", { timeout: 120_000 }, async () => {
    const bytes = Buffer.concat([Buffer.from("some text, some text, some other text. ".repeat(30)), Buffer.alloc(500, 1)]);
    const frame = zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const damaged = new Uint8Array(frame);
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      let expected: Uint8Array | undefined;
      try {
        expected = zstdDecompressSync(damaged);
      } catch {
        // Damaged.
      }
      const outcome = await decode(damaged).catch((error: unknown) => error);
      if (outcome instanceof Uint8Array) expect(outcome, `bit ${bit}`).toEqual(expected);
      else expect(ArchiveError.is(outcome), `bit ${bit}: ${String(outcome)}`).toBe(true);
    }
  });

  test("behavior: damaged at random, gives what zstd gives or a typed error", { timeout: 120_000 }, async () => {
    const mutations = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(data, params, mutations, async (bytes, options, changes) => {
        const frame = new Uint8Array(zstdCompressSync(bytes, { params: options }));
        for (const [at, value] of changes) frame[at % frame.length] = value;
        const outcome = await decode(frame).catch((error: unknown) => error);
        if (!(outcome instanceof Uint8Array)) return void expect(ArchiveError.is(outcome)).toBe(true);
        let expected: Uint8Array;
        try {
          expected = zstdDecompressSync(frame);
        } catch {
          // What is decoded leniently is still to be authenticated.
          return;
        }
        expect(Buffer.compare(outcome, expected)).toBe(0);
      }),
      { numRuns: runs(300) },
    );
  });

  test("behavior: a block that claims gigabytes is refused at once", async () => {
    // Twelve bytes: 98,047 sequences, each a match of 65,539 bytes or more.
    const block = [0x00, 0xff, 0xff, 0xff, 0x54, 0, 0, 52, 0x80];
    const frame = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0x38, (block.length << 3) | 4 | 1, 0, 0, ...block);
    await expect(decode(frame)).rejects.toMatchObject({ code: "ARCHIVE_DAMAGED", byteOffset: 6 });
  });

  test("behavior: a checksum is verified", async () => {
    const frame = zstdCompressSync(Buffer.from("abc"), { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
    frame[frame.length - 1] = (frame[frame.length - 1] as number) ^ 1;
    await expect(decode(frame)).rejects.toMatchObject({ code: "ARCHIVE_DAMAGED" });
  });

  test("behavior: a large window is refused only where it would be needed", async () => {
    const header = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, (27 - 10) << 3);
    const stored = Uint8Array.of(...header, (4 << 3) | 1, 0, 0, 1, 2, 3, 4);
    expect(await decode(stored)).toEqual(Buffer.from([1, 2, 3, 4]));
    const compressed = Uint8Array.of(...header, (3 << 3) | 4 | 1, 0, 0, 0, 0, 0);
    await expect(decode(compressed)).rejects.toMatchObject({ code: "ARCHIVE_DAMAGED" });
  });

  test("behavior: runs and empty blocks", async () => {
    const header = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x38];
    const run = (bytes: number, last = 0) => [((bytes << 3) | 2 | last) & 0xff, (bytes >> 5) & 0xff, bytes >> 13, 0x41];
    const bytes = await decode(Uint8Array.of(...header, ...run(0), ...run(131_072), 0, 0, 0, ...run(3), 1, 0, 0));
    expect(bytes).toHaveLength(131_075);
    await expect(decode(Uint8Array.of(...header, ...run(131_073, 1)))).rejects.toMatchObject({ code: "ARCHIVE_DAMAGED" });
  });
});

describe("Xxh64", () => {
  test("behavior: gives the checksums that zstd writes, however it is fed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, cut) => {
        const frame = zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
        const hash = new Xxh64();
        hash.update(bytes.subarray(0, cut));
        hash.update(bytes.subarray(cut));
        expect(Number(BigInt.asUintN(32, hash.digest()))).toBe(frame.readUInt32LE(frame.length - 4));
      }),
    );
  });
});
