import { Cron } from "croner";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Calendar, calendarOf } from "./calendar.ts";
import { toCronCalendar } from "./toCronCalendar.ts";
import { loadCalendar } from "../loadCalendar.ts";
import { nextRun } from "./nextRun.ts";
import type { BackupPolicy } from "./backupPolicy.ts";
import { normalizePolicy } from "./normalizePolicy.ts";
import { runs } from "../../../../../test/runs.ts";

const zones = Intl.supportedValuesOf("timeZone");
const fromMs = Date.UTC(2022, 0, 1);
const toMs = Date.UTC(2032, 0, 1);

function calendarFor(policy: BackupPolicy): Calendar {
  return calendarOf(normalizePolicy(policy)) ?? toCronCalendar((policy.frequency as { cron: string }).cron, Cron);
}

function next(policy: BackupPolicy, after: string, timeZone = "UTC"): string | undefined {
  const atMs = nextRun(calendarFor(policy), Date.parse(after), timeZone);
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
}

describe("nextRun", () => {
  it("default", () => {
    expect(next({}, "2026-03-10T00:00Z")).toBe("2026-03-15T02:00:00.000Z");
    expect(next({ frequency: "daily" }, "2026-03-10T00:00Z")).toBe("2026-03-10T02:00:00.000Z");
    expect(next({ frequency: "monthly" }, "2026-03-10T00:00Z")).toBe("2026-04-01T02:00:00.000Z");
    expect(next({ frequency: "never" }, "2026-03-10T00:00Z")).toBeUndefined();
  });

  it("parameters: at, weekday, dayOfMonth", () => {
    expect(next({ frequency: "daily", at: "23:59" }, "2026-03-10T00:00Z")).toBe("2026-03-10T23:59:00.000Z");
    expect(next({ weekday: "tuesday", at: "00:00" }, "2026-03-10T00:00Z")).toBe("2026-03-17T00:00:00.000Z");
    expect(next({ frequency: "monthly", dayOfMonth: 10, at: "12:30" }, "2026-03-10T12:29:59.999Z")).toBe("2026-03-10T12:30:00.000Z");
  });

  it("parameters: cron", async () => {
    const calendar = await loadCalendar(normalizePolicy({ frequency: { cron: "30 4 * * MON#1" } }));
    expect(nextRun(calendar, Date.parse("2026-03-10T00:00Z"), "Europe/Lisbon")).toBe(Date.parse("2026-04-06T03:30Z"));
    expect(await loadCalendar(normalizePolicy({ frequency: "daily" }))).toMatchObject({ key: "daily 02:00" });
  });

  it("behavior: strictly after", () => {
    expect(next({ frequency: "daily" }, "2026-03-10T02:00Z")).toBe("2026-03-11T02:00:00.000Z");
    expect(next({ frequency: "daily" }, "2026-03-10T01:59:59.999Z")).toBe("2026-03-10T02:00:00.000Z");
  });

  it("behavior: day 31 is the last day of a short month, leap years included", () => {
    const policy = { frequency: "monthly", dayOfMonth: 31 } as const;
    let after = "2028-01-01T00:00:00.000Z";
    const days = Array.from({ length: 12 }, () => (after = next(policy, after) ?? "").slice(5, 10));
    expect(days.join(" ")).toBe("01-31 02-29 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31");
    expect(next(policy, "2027-02-01T00:00Z")).toBe("2027-02-28T02:00:00.000Z");
    expect(next({ frequency: "monthly", dayOfMonth: 30 }, "2100-02-01T00:00Z")).toBe("2100-02-28T02:00:00.000Z");
  });

  it("behavior: at a jump forward it runs at the jump, at a jump back the first time only", () => {
    const policy = { frequency: "daily", at: "02:30" } as const;
    expect(next(policy, "2026-03-08T06:00Z", "America/New_York")).toBe("2026-03-08T07:00:00.000Z");
    expect(next(policy, "2026-03-08T07:00Z", "America/New_York")).toBe("2026-03-09T06:30:00.000Z");
    const twice = { frequency: "daily", at: "01:30" } as const;
    expect(next(twice, "2026-11-01T05:00Z", "America/New_York")).toBe("2026-11-01T05:30:00.000Z");
    expect(next(twice, "2026-11-01T05:30Z", "America/New_York")).toBe("2026-11-02T06:30:00.000Z");
    expect(next(twice, "2026-11-01T06:10Z", "America/New_York")).toBe("2026-11-02T06:30:00.000Z");
  });

  it("behavior: agrees with croner, which computes in the zone itself", () => {
    const policies = fc.oneof(
      fc.constant({ frequency: "daily" as const }),
      fc.record({
        frequency: fc.constant("weekly" as const),
        weekday: fc.constantFrom("sunday" as const, "wednesday" as const, "saturday" as const),
      }),
      fc.record({ frequency: fc.constant("monthly" as const), dayOfMonth: fc.integer({ min: 1, max: 28 }) }),
    );
    const times = fc.record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.constantFrom(0, 15, 30, 59) });
    const instants = fc.integer({ min: fromMs / 1000, max: toMs / 1000 }).map((seconds) => seconds * 1000);
    fc.assert(
      fc.property(fc.constantFrom(...zones), policies, times, instants, (timeZone, policy, { hour, minute }, afterMs) => {
        const at = `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
        const day = "dayOfMonth" in policy ? policy.dayOfMonth : "*";
        const weekday = "weekday" in policy ? policy.weekday.slice(0, 3) : "*";
        const cron = new Cron(`${minute} ${hour} ${day} * ${weekday}`, { paused: true, timezone: timeZone });
        const expected = cron.nextRun(new Date(afterMs))?.getTime();
        expect(nextRun(calendarFor({ ...policy, at }), afterMs, timeZone)).toBe(expected);
      }),
      { numRuns: runs(3000) },
    );
  });
});
