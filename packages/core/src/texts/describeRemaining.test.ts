import { describe, expect, it } from "vitest";
import { describeRemaining } from "./describeRemaining.ts";

const counted = (remainingMs?: number) =>
  ({ kind: "determinate", done: 1, total: 9, unit: "messages", ...(remainingMs !== undefined && { remainingMs }) }) as const;

describe("describeRemaining", () => {
  it.each([
    [0, "less than a minute left"],
    [44_000, "less than a minute left"],
    [46_000, "about a minute left"],
    [4 * 60_000 + 20_000, "about 4 minutes left"],
    [59 * 60_000, "about 59 minutes left"],
    [59.9 * 60_000, "about an hour left"],
    [100 * 60_000, "about 2 hours left"],
  ])("default: %i ms are %s", (remainingMs, text) => {
    expect(describeRemaining(counted(remainingMs))).toBe(text);
  });

  it("behavior: says nothing that nobody knows", () => {
    expect(describeRemaining({ kind: "indeterminate" })).toBeUndefined();
    expect(describeRemaining(counted())).toBeUndefined();
  });

  it("parameters: texts", () => {
    const texts = { locale: "de", texts: { "remaining.minutes": { one: "noch etwa eine Minute", other: "noch etwa {count} Minuten" } } };
    expect(describeRemaining(counted(240_000), { texts })).toBe("noch etwa 4 Minuten");
  });
});
