import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../../../../test/runs.ts";
import { hourMs, instantOf, minuteMs, wallAt } from "./wallTime.ts";

const zones = Intl.supportedValuesOf("timeZone");
const fromMs = Date.UTC(2022, 0, 1);
const toMs = Date.UTC(2032, 0, 1);

/** The same reading without anything remembered, by another way through Intl. */
function readWall(atMs: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "short", timeStyle: "medium", hourCycle: "h23" });
  const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  return (
    Date.UTC(parts["year"] ?? 0, (parts["month"] ?? 0) - 1, parts["day"], parts["hour"], parts["minute"], parts["second"]) + (atMs % 1000)
  );
}

describe("wallAt", () => {
  it("default", () => {
    expect(wallAt(Date.UTC(2026, 6, 1, 12), "Europe/Lisbon")).toBe(Date.UTC(2026, 6, 1, 13));
    expect(wallAt(Date.UTC(2026, 0, 1, 12, 0, 0, 5), "Asia/Kathmandu")).toBe(Date.UTC(2026, 0, 1, 17, 45, 0, 5));
  });

  it("behavior: reads what Intl reads, in every zone", () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: fromMs, max: toMs }), (timeZone, atMs) => {
        expect(wallAt(atMs, timeZone)).toBe(readWall(atMs, timeZone));
      }),
      { numRuns: runs(2000) },
    );
  });

  it("behavior: instants beyond what a date holds are brought back into it", () => {
    expect(wallAt(-1e300, "Europe/Lisbon")).toBe(hourMs);
    expect(Number.isFinite(wallAt(1e300, "Pacific/Kiritimati"))).toBe(true);
  });
});

describe("instantOf", () => {
  it("behavior: a time that the clock jumps over is the moment of the jump", () => {
    expect(instantOf(Date.UTC(2026, 2, 8, 2, 30), "America/New_York")).toBe(Date.UTC(2026, 2, 8, 7));
    expect(instantOf(Date.UTC(2026, 9, 4, 2, 15), "Australia/Lord_Howe")).toBe(Date.UTC(2026, 9, 3, 15, 30));
    expect(instantOf(Date.UTC(2026, 2, 29, 1, 30), "Antarctica/Troll")).toBe(Date.UTC(2026, 2, 29, 1));
  });

  it("behavior: a time that the clock shows twice is the first of the two", () => {
    expect(instantOf(Date.UTC(2026, 10, 1, 1, 30), "America/New_York")).toBe(Date.UTC(2026, 10, 1, 5, 30));
    expect(instantOf(Date.UTC(2026, 3, 5, 1, 45), "Australia/Lord_Howe")).toBe(Date.UTC(2026, 3, 4, 14, 45));
  });

  it("behavior: a jump at midnight, and a day that never was", () => {
    expect(instantOf(Date.UTC(2026, 3, 24), "Africa/Cairo")).toBe(Date.UTC(2026, 3, 23, 22));
    expect(instantOf(Date.UTC(2011, 11, 30, 2), "Pacific/Apia")).toBe(Date.UTC(2011, 11, 30, 10));
    expect(instantOf(Date.UTC(2011, 11, 31, 2), "Pacific/Apia")).toBe(Date.UTC(2011, 11, 30, 12));
  });

  it("behavior: is the first instant at which the clock shows the time or a later one, in every zone", () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: fromMs / minuteMs, max: toMs / minuteMs }), (timeZone, minutes) => {
        expectFirst(minutes * minuteMs, timeZone);
      }),
      { numRuns: runs(3000) },
    );
  });
});

function expectFirst(wallMs: number, timeZone: string): void {
  const atMs = instantOf(wallMs, timeZone);
  const found = { reached: wallAt(atMs, timeZone) >= wallMs, early: wallAt(atMs - 1, timeZone) >= wallMs };
  if (!found.reached || found.early)
    expect({ timeZone, wall: new Date(wallMs).toISOString(), ...found }).toEqual({ reached: true, early: false });
}
