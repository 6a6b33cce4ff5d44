import { describe, expect, it } from "vitest";
import { atMostRanges, boundsOf, isWithin, withoutRange } from "./timeRanges.ts";

describe("boundsOf", () => {
  it("default: takes the bounds alone, and none that is undefined", () => {
    const request = { elements: ["messages"], startNs: 5n, endNs: undefined };
    expect(boundsOf(request)).toStrictEqual({ startNs: 5n });
    expect(boundsOf({})).toStrictEqual({});
  });
});

describe("withoutRange", () => {
  it("default: takes all but the bounds", () => {
    expect(withoutRange({ elements: ["messages"], startNs: 5n, endNs: 6n })).toStrictEqual({ elements: ["messages"] });
  });
});

describe("isWithin", () => {
  it.each([
    [{}, [true, true, true]],
    [{ startNs: 5n }, [false, false, true]],
    [{ endNs: 5n }, [true, true, false]],
    [{ startNs: 4n, endNs: 5n }, [false, true, false]],
  ])("default: after the start, up to the end of %o", (range, expected) => {
    expect([4n, 5n, 6n].map((timeNs) => isWithin(timeNs, range))).toEqual(expected);
  });
});

describe("atMostRanges", () => {
  it("behavior: joins across the shortest gaps, and open ends stay open", () => {
    const ranges = [{ endNs: 10n }, { startNs: 12n, endNs: 20n }, { startNs: 40n, endNs: 50n }, { startNs: 53n }];
    expect(atMostRanges(ranges, 4)).toStrictEqual(ranges);
    expect(atMostRanges(ranges, 2)).toStrictEqual([{ endNs: 20n }, { startNs: 40n }]);
    expect(atMostRanges(ranges, 1)).toStrictEqual([{}]);
  });
});
