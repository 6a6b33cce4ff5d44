import { describe, expect, it } from "vitest";
import { addDuration, parseDuration } from "./duration.ts";

const wall = (text: string) => Date.parse(`${text}Z`);
const add = (text: string, duration: string, times: 1 | -1 = 1) =>
  new Date(addDuration(wall(text), duration, times)).toISOString().slice(0, 16);

describe("parseDuration", () => {
  it.each([
    ["30d", { months: 0, days: 30, hours: 0 }],
    ["1y6m", { months: 18, days: 0, hours: 0 }],
    ["1y5m2w7d2h", { months: 17, days: 21, hours: 2 }],
    ["12h", { months: 0, days: 0, hours: 12 }],
  ])("default: %s", (text, parts) => expect(parseDuration(text)).toEqual(parts));

  it.each(["", "0d", "d", "1", "1x", "6m1y", "-1d", "1.5d", " 1d", "1d 2h", 30, null, undefined])("parameters: refuses %j", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe("addDuration", () => {
  it("default", () => {
    expect(add("2026-03-10T12:34", "1d2h")).toBe("2026-03-11T14:34");
    expect(add("2026-03-10T12:34", "1y6m", -1)).toBe("2024-09-10T12:34");
  });

  it("behavior: a day that the month does not have becomes its last", () => {
    expect(add("2026-03-31T10:00", "1m", -1)).toBe("2026-02-28T10:00");
    expect(add("2028-02-29T10:00", "1y", -1)).toBe("2027-02-28T10:00");
    expect(add("2026-01-31T10:00", "1m1d")).toBe("2026-03-01T10:00");
  });
});
