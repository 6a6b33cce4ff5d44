import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundedWait, readTimer } from "./boundedWait.ts";
import { policyTimes } from "./policyTimes.ts";

const { longestStepMs } = policyTimes;
const nowMs = Date.UTC(2026, 0, 1);

describe("boundedWait", () => {
  it("default", () => {
    expect(boundedWait(nowMs, nowMs + 1234)).toBe(1234);
    expect(boundedWait(nowMs, nowMs + 60 * 86_400_000)).toBe(longestStepMs);
    expect(boundedWait(nowMs)).toBe(longestStepMs);
    expect(boundedWait(nowMs, nowMs - 1)).toBe(0);
  });

  it("behavior: steps add up to the wait, none of them longer than setTimeout holds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * 86_400_000 }), (totalMs) => {
        let atMs = nowMs;
        const delaysMs: number[] = [];
        while (atMs < nowMs + totalMs) {
          const delayMs = boundedWait(atMs, nowMs + totalMs);
          delaysMs.push(delayMs);
          atMs += Math.max(1, delayMs);
        }
        expect(delaysMs.every((delayMs) => delayMs > 0 && delayMs < 2 ** 31 - 1)).toBe(true);
        expect(atMs).toBe(nowMs + totalMs);
      }),
      { numRuns: 20 },
    );
  });
});

describe("readTimer", () => {
  it.each([
    [0, "onTime"],
    [59_000, "onTime"],
    [61_000, "slept"],
    [-59_000, "onTime"],
    [-61_000, "setBack"],
  ])("default: %d ms late is %s", (lateMs, told) => expect(readTimer(nowMs, 900_000, nowMs + 900_000 + lateMs)).toBe(told));
});
