import { describe, expect, it } from "vitest";
import { noRate, remainingMs, stepRate } from "./rate.ts";

const rateOf = (...marks: (readonly [atMs: number, done: number])[]) =>
  marks.reduce((rate, [atMs, done]) => stepRate(rate, { atMs, done }), noRate);

describe("rate", () => {
  it("default: the rest takes as long for each piece as what was done", () => {
    expect(remainingMs(rateOf([0, 0], [4_000, 100]), 400)).toBe(12_000);
    expect(remainingMs(rateOf([500, 200], [3_000, 250], [5_500, 300]), 300)).toBe(0);
  });

  it("behavior: nobody knows before two seconds, nor before something was done", () => {
    expect(remainingMs(noRate, 10)).toBeUndefined();
    expect(remainingMs(rateOf([0, 5]), 10)).toBeUndefined();
    expect(remainingMs(rateOf([0, 0], [1_999, 5]), 10)).toBeUndefined();
    expect(remainingMs(rateOf([0, 5], [9_000, 5]), 10)).toBeUndefined();
  });

  it("behavior: what was there at the beginning is no rate", () => {
    expect(remainingMs(rateOf([0, 9_000], [10_000, 9_100]), 9_200)).toBe(10_000);
  });

  it("behavior: the last rate counts, after a machine that slept too", () => {
    const slept = Array.from({ length: 20 }, (_, index) => [3_600_000 + index * 1_000, 10 + index] as const);
    expect(remainingMs(rateOf([0, 0], ...slept), 39)).toBe(10_000);
  });

  it("behavior: many reports at once are one, and the last of them counts", () => {
    const bursts = Array.from({ length: 5_000 }, (_, index) => [index, index] as const);
    const rate = rateOf(...bursts);
    expect(rate.marks.length).toBeLessThan(12);
    expect(remainingMs(rate, 9_998)).toBe(4_999);
  });

  it.each([
    ["time", [100, 60]],
    ["work", [9_000, 10]],
  ] as const)("behavior: begins again where %s went back", (_name, mark) => {
    expect(rateOf([0, 0], [8_000, 50], mark).marks).toHaveLength(1);
  });
});
