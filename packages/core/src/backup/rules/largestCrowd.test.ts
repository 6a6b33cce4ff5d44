import { describe, expect, it } from "vitest";
import { largestCrowd } from "./largestCrowd.ts";

const secondNs = 1_000_000_000n;

describe("the largest crowd of moments", () => {
  it("default: neighbours are a minute apart at most", () => {
    const seconds = [500n, 0n, 60n, 561n, 120n, 181n, 181n];
    expect(largestCrowd(seconds.map((each) => each * secondNs))).toEqual([0n, 60n, 120n].map((each) => each * secondNs));
    expect(largestCrowd([181n, 500n, 181n].map((each) => each * secondNs))).toEqual([181n * secondNs, 181n * secondNs]);
  });

  it("behavior: of nothing there is none, and one moment is one", () => {
    expect(largestCrowd([])).toEqual([]);
    expect(largestCrowd([7n])).toEqual([7n]);
  });
});
