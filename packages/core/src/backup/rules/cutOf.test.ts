import { describe, expect, it } from "vitest";
import { countLater, cutOf } from "./cutOf.ts";

const hourNs = 3_600_000_000_000n;
const madeAtMs = 1_767_225_600_000;
const madeAtNs = BigInt(madeAtMs) * 1_000_000n;

describe("cutOf", () => {
  it("default: the newest message, if it is older than an hour", () => {
    expect(cutOf(madeAtMs, madeAtNs - 2n * hourNs)).toBe(madeAtNs - 2n * hourNs);
  });

  it.each([
    ["of the last hour", madeAtNs - 1n],
    ["dated ahead", madeAtNs + 10_000n * hourNs],
  ])("behavior: a message %s moves it no later than an hour before the backup", (_what, lastNs) => {
    expect(cutOf(madeAtMs, lastNs)).toBe(madeAtNs - hourNs);
  });
});

describe("countLater", () => {
  it("default: messages at the cut are not later", () => {
    const times = new Map([
      ["a", BigInt64Array.of(1n, 5n, 6n, 9n)],
      ["b", BigInt64Array.of(5n)],
    ]);
    expect(countLater(times, 5n)).toEqual(new Map([["a", 2]]));
  });
});
