import fc from "fast-check";
import { expect, test } from "vitest";
import { TimeRange } from "./timeRange.ts";

test("behavior: finds the first and the last of signed 64-bit times", () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })), fc.nat(), (times, cut) => {
      const [one, other] = [new TimeRange(), new TimeRange()];
      times.forEach((time, at) => {
        const unsigned = BigInt.asUintN(64, time);
        (at < cut % (times.length + 1) ? one : other).add(Number(unsigned >> 32n), Number(unsigned & 0xffff_ffffn));
      });
      one.include(other);
      const sorted = times.toSorted((a, b) => (a < b ? -1 : 1));
      expect(one.toObject()).toEqual(times.length === 0 ? {} : { firstMessageNs: sorted[0], lastMessageNs: sorted.at(-1) });
    }),
  );
});
