import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorCodes } from "../../errors/errorCodes.ts";
import { backoffMs, isPermanent } from "./backoff.ts";

const minuteMs = 60_000;

describe("backoffMs", () => {
  it("default: one minute doubling to six hours", () => {
    const minutes = Array.from({ length: 11 }, (_, index) => backoffMs(index + 1, 0) / minuteMs);
    expect(minutes).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
  });

  it("behavior: chance only shortens it, by a fifth at most, however many failures", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, jitter) => {
        const delayMs = backoffMs(failures, jitter);
        expect(delayMs).toBeGreaterThanOrEqual(0.8 * minuteMs);
        expect(delayMs).toBeLessThanOrEqual(360 * minuteMs);
        expect(delayMs).toBeGreaterThanOrEqual(Math.floor(backoffMs(failures, 0) * 0.8));
      }),
    );
  });
});

describe("isPermanent", () => {
  it.each(["KEY_WRONG", "KEY_MISSING", "STORE_FULL", "STORE_DENIED"])("default: %s asks the user", (code) =>
    expect(isPermanent(code)).toBe(true),
  );

  it.each(["STORE_UNAVAILABLE", "EXPORT_FAILED", "CLIENT_CLOSED", "toString", "NO_CODE_OF_OURS", undefined])(
    "default: %s is tried again",
    (code) => expect(isPermanent(code)).toBe(false),
  );

  it("behavior: nothing that can succeed by itself is permanent", () => {
    for (const [code, { retryable }] of Object.entries(errorCodes)) if (retryable) expect(isPermanent(code)).toBe(false);
  });
});
