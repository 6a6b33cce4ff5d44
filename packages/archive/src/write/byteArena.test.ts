import fc from "fast-check";
import { expect, test } from "vitest";
import { runs } from "../../../../test/runs.ts";
import { ByteArena } from "./byteArena.ts";

test("behavior: copies come in order, whatever becomes of the originals, and again after it was cleared", () => {
  const someBytes = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 30 });
  fc.assert(
    fc.property(someBytes, someBytes, (first, second) => {
      const arena = new ByteArena(16);
      for (const round of [first, second]) {
        for (const bytes of round) {
          const original = bytes.slice();
          arena.add(original);
          original.fill(0xee);
        }
        expect(arena.count).toBe(round.length);
        expect(Array.from(arena.copies())).toEqual(round);
        expect(Array.from(arena.copies())).toEqual(round);
        arena.clear();
        expect([arena.count, ...arena.copies()]).toEqual([0]);
      }
    }),
    { numRuns: runs(200) },
  );
});
