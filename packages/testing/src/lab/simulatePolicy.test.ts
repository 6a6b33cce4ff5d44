import { describe, expect, it } from "vitest";
import type { Scenario } from "./scenario.ts";
import { simulatePolicy } from "./simulatePolicy.ts";

const dayMs = 86_400_000;
const quiet = { messagesPerDay: 0, conversationsPerDay: 0 } as const;
const utc = (atMs: number | undefined) => new Date(atMs ?? NaN).toISOString().slice(0, 16);

describe("simulatePolicy", () => {
  it.each([
    ["daily", 366],
    ["weekly", 53],
    ["monthly", 13],
    ["never", 0],
  ] as const)("default: a year of %s has %d backups, the first one soon after the start", async (frequency, backups) => {
    const year = await simulatePolicy({ frequency }, quiet);
    expect(year.backups.length).toBe(backups);
    expect(year.archives.length).toBe(Math.min(5, backups));
    expect(year.removals.length).toBe(Math.max(0, backups - 5));
    expect(year.failures).toEqual([]);
    if (backups > 0) expect(utc(year.backups[0]?.atMs)).toBe("2026-01-01T12:01");
    expect(year.backups.filter(({ trigger }) => trigger === "first").length).toBe(Math.min(1, backups));
  });

  it("parameters: isEmpty: nothing is backed up first where there is nothing to back up", async () => {
    const year = await simulatePolicy({ frequency: "daily" }, { ...quiet, isEmpty: true });
    expect([year.backups.length, year.backups[0]?.trigger]).toEqual([365, "schedule"]);
  });

  it("behavior: the same scenario with the same seed has the same year", async () => {
    const scenario = { seed: 7, awake: { from: "08:00", to: "23:00" }, offline: [{ fromDay: 10, toDay: 20 }] };
    expect(await simulatePolicy({}, scenario)).toEqual(await simulatePolicy({}, scenario));
  });

  it("behavior: a laptop that sleeps at night makes up for it in the morning, once a day", async () => {
    const year = await simulatePolicy({ frequency: "daily" }, { ...quiet, awake: { from: "08:00", to: "23:00" } });
    expect(year.backups.length).toBe(366);
    for (const { atMs, due } of year.backups.slice(1)) {
      expect(utc(atMs).slice(11)).toBe("08:00");
      expect(due).toEqual({ reason: "missed", schedule: "daily" });
    }
  });

  it("behavior: a month asleep is made up for once", async () => {
    const year = await simulatePolicy({ frequency: "daily" }, { ...quiet, asleep: [{ fromDay: 100, toDay: 130 }] });
    expect(year.backups.length).toBe(366 - 30 + 1);
    expect(year.backups.filter(({ day }) => day >= 100 && day < 132).map(({ day }) => day)).toEqual([130, 130, 131]);
  });

  it("behavior: offline weeks fail, back off, and end as soon as the network is back", async () => {
    const year = await simulatePolicy({ frequency: "daily" }, { ...quiet, offline: [{ fromDay: 30, toDay: 44 }] });
    expect(year.failures.length).toBeGreaterThan(14);
    expect(year.failures.length).toBeLessThan(80);
    expect(new Set(year.failures.map(({ code }) => code))).toEqual(new Set(["STORE_UNAVAILABLE"]));
    expect(year.backups.find(({ day }) => day >= 44)?.atMs).toBe(Date.UTC(2026, 0, 1, 12) + 44 * dayMs);
    expect(year.prompts.map(({ reminder }) => reminder.kind)).toEqual(["failing"]);
    expect(year.asks).toEqual([]);
  });

  it("behavior: waiting for Wi-Fi fails nothing", async () => {
    const year = await simulatePolicy(
      { frequency: "daily", conditions: { network: "wifi" } },
      { ...quiet, offline: [{ fromDay: 30, toDay: 44 }] },
    );
    expect(year.failures).toEqual([]);
    expect(year.backups.length).toBe(366 - 14 + 1);
  });

  it("behavior: a full store asks the user once, and goes on when they have made room", async () => {
    const year = await simulatePolicy({ frequency: "daily" }, { ...quiet, storeFull: [{ fromDay: 50, toDay: 60 }] });
    expect(year.failures.map(({ code, day }) => [code, day])).toEqual([["STORE_FULL", 50]]);
    expect(year.asks.map(({ code, day }) => [code, day])).toEqual([["STORE_FULL", 50]]);
    expect(year.backups.filter(({ day }) => day >= 50 && day < 61).map(({ day }) => day)).toEqual([60, 60]);
    expect(year.health.level).toBe("ok");
  });

  it("behavior: heavy days add backups of activity, and long-term rules keep the history through them", async () => {
    const scenario: Scenario = {
      messagesPerDay: 0,
      conversationsPerDay: 0,
      heavyDays: [{ fromDay: 200, toDay: 202, messagesPerDay: 1000 }],
    };
    const year = await simulatePolicy({ keep: { last: 3, weekly: 4, monthly: 6 } }, scenario);
    expect(year.backups.filter(({ trigger }) => trigger === "activity").length).toBe(20);
    expect(year.archives.length).toBeGreaterThan(8);
    expect(year.archives.at(-1)?.createdAtMs).toBeLessThan(Date.UTC(2026, 7, 1));
    const paused = await simulatePolicy({ activityPause: "12h" }, scenario);
    expect(paused.backups.filter(({ trigger }) => trigger === "activity").length).toBeLessThanOrEqual(5);
  });

  it("behavior: journeys neither lose a day nor repeat one", async () => {
    const moves = [
      { day: 100.3, timeZone: "Asia/Tokyo" },
      { day: 110.3, timeZone: "America/Los_Angeles" },
      { day: 120.3, timeZone: "Pacific/Auckland" },
      { day: 130.3, timeZone: "UTC" },
    ];
    expect((await simulatePolicy({ frequency: "daily" }, { ...quiet, moves })).backups.length).toBe(366);
  });

  it("behavior: a clock that was wrong for a day costs no backup afterwards", async () => {
    const clockJumps = [
      { day: 100, byMs: 400 * dayMs },
      { day: 101, byMs: -400 * dayMs },
    ];
    const year = await simulatePolicy({ frequency: "daily" }, { ...quiet, clockJumps });
    expect(year.backups.length).toBeGreaterThanOrEqual(366);
    expect(year.backups.length).toBeLessThanOrEqual(368);
    expect(year.backups.filter(({ day }) => day > 101).length).toBe(365 - 102);
    expect(year.health.level).toBe("ok");
  });

  it("behavior: events make a backup or a prompt, as the policy says", async () => {
    const events = [
      { day: 10.5, event: "app-update" },
      { day: 20.5, event: "os-update" },
    ];
    const year = await simulatePolicy({ events: { "os-update": "ask" } }, { ...quiet, events });
    expect(year.backups.filter(({ trigger }) => trigger === "event").map(({ day, due }) => [day, due])).toEqual([
      [10, { reason: "event", event: "app-update" }],
    ]);
    expect(year.prompts.map(({ day, reminder }) => [day, reminder.kind])).toContainEqual([20, "beforeEvent"]);
  });

  it("parameters: a cron pattern, and none that can't be read", async () => {
    expect((await simulatePolicy({ frequency: { cron: "0 3 1,15 * *" } }, { ...quiet, days: 90 })).backups.length).toBe(7);
    await expect(simulatePolicy({ frequency: { cron: "at three" } })).rejects.toMatchObject({ code: "POLICY_INVALID" });
  });

  it("behavior: a monthly backup that is on time is no reason to suggest one", async () => {
    const year = await simulatePolicy({ frequency: "monthly" }, { ...quiet, awake: { from: "08:00", to: "23:00" } });
    expect(year.prompts.filter(({ day }) => day > 32)).toEqual([]);
  });

  it("parameters: awake: hours over midnight, and hours that never end", async () => {
    const nights = await simulatePolicy({ frequency: "daily", at: "12:00" }, { ...quiet, days: 20, awake: { from: "22:00", to: "06:00" } });
    expect(new Set(nights.backups.slice(1).map(({ atMs }) => utc(atMs).slice(11)))).toEqual(new Set(["22:00"]));
    const always = await simulatePolicy({ frequency: "daily" }, { ...quiet, days: 20, awake: { from: "08:00", to: "08:00" } });
    expect(always.backups).toEqual((await simulatePolicy({ frequency: "daily" }, { ...quiet, days: 20 })).backups);
  });
});
