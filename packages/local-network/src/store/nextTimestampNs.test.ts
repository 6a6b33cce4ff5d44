import { expect, test } from "vitest";

import { nextTimestampNs } from "./nextTimestampNs.ts";

test("default", () => {
  const before = BigInt(Date.now()) * 1_000_000n;
  const times = Array.from({ length: 1000 }, nextTimestampNs);
  expect(times[0]).toBeGreaterThanOrEqual(before);
  expect(times.every((time, index) => index === 0 || time > times[index - 1]!)).toBe(true);
});
