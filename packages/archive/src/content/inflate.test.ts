import { deflateSync, gzipSync, constants } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WireError } from "../protobuf/wireReader.ts";
import { inflate } from "./inflate.ts";
import { runs } from "../../../../test/runs.ts";

describe("inflate", () => {
  test("default: what zlib deflates, by every strategy", () => {
    const strategies = [constants.Z_DEFAULT_STRATEGY, constants.Z_HUFFMAN_ONLY, constants.Z_RLE, constants.Z_FIXED];
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 3000 }),
      fc.array(fc.constantFrom(1, 2, 3), { maxLength: 3000 }).map((list) => Uint8Array.from(list)),
    );
    fc.assert(
      fc.property(bytes, fc.constantFrom(...strategies), fc.integer({ min: 0, max: 9 }), (input, strategy, level) => {
        expect(inflate(deflateSync(input, { strategy, level }), "deflate", input.length)).toEqual(input);
        expect(inflate(gzipSync(input, { strategy, level }), "gzip", input.length)).toEqual(input);
      }),
      { numRuns: runs(100) },
    );
  });

  test("behavior: no more bytes than it may", () => {
    for (const level of [0, 9]) expect(() => inflate(deflateSync(new Uint8Array(1000), { level }), "deflate", 999)).toThrow(WireError);
  });

  test("behavior: anything else is refused with one kind of error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom("deflate" as const, "gzip" as const), (bytes, format) => {
        const header = format === "deflate" ? [0x78, 0x9c] : [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0];
        try {
          inflate(Uint8Array.from([...header, ...bytes]), format, 10_000);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: runs(300) },
    );
  });
});
