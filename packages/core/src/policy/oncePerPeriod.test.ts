import { Cron } from "croner";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Calendar, calendarOf } from "./rules/calendar.ts";
import { toCronCalendar } from "./rules/toCronCalendar.ts";
import { decideBackup } from "./rules/decideBackup.ts";
import type { BackupPolicy } from "./rules/backupPolicy.ts";
import { normalizePolicy } from "./rules/normalizePolicy.ts";
import { createMemory, type PolicyMemory, settleMemory } from "./rules/policyMemory.ts";
import { recordFailure, recordSuccess } from "./rules/recordOutcome.ts";
import { dayMs, hourMs, instantOf, wallAt, widestZonesMs } from "../time/wallTime.ts";
import { runs } from "../../../../test/runs.ts";

const zones = Intl.supportedValuesOf("timeZone");
const fromMs = Date.UTC(2023, 0, 1, 12);
const toMs = Date.UTC(2033, 0, 1);

type Step =
  | { do: "wait" }
  | { do: "sleep"; forMs: number }
  | { do: "travel"; to: string }
  | { do: "setClock"; byMs: number }
  | { do: "fail"; code: string }
  | { do: "byHand" };

/**
 * Lives through the steps with one policy and checks after each look, without asking the policy, that the newest time
 * of the schedule that has passed was dealt with, and that no time was dealt with twice.
 */
function live(given: BackupPolicy, startMs: number, zone: string, steps: readonly Step[]) {
  const policy = normalizePolicy(given);
  const calendar = calendarOf(policy) ?? toCronCalendar((policy.frequency as { cron: string }).cron, Cron);
  let nowMs = startMs;
  let timeZone = zone;
  let memory = createMemory(calendar, { nowMs, timeZone });
  let handled = newestPassed(calendar, nowMs, timeZone);
  let doneWallMs = wallAt(nowMs, timeZone);
  let failNext: string | undefined;
  let untilMs = nowMs;
  const runs: { label: number; atMs: number }[] = [];

  const success = () => {
    memory = recordSuccess(memory, { startedAtMs: nowMs, messages: 0, conversations: 0 }, timeZone);
    handled = Math.max(handled, newestPassed(calendar, nowMs, timeZone));
    doneWallMs = Math.max(doneWallMs, wallAt(nowMs, timeZone));
  };

  const look = () => {
    memory = settleMemory(JSON.parse(JSON.stringify(memory)) as PolicyMemory, calendar, { nowMs, timeZone });
    const newest = newestPassed(calendar, nowMs, timeZone);
    // Only a clock that was set back shows a time so far behind what was done, and starts over from there; a zone never does.
    if (doneWallMs > wallAt(nowMs, timeZone) + widestZonesMs) [handled, doneWallMs] = [newest, wallAt(nowMs, timeZone)];
    for (;;) {
      const facts = { memory, isRunning: false, conditions: {}, awakeSinceMs: nowMs, jitter: 0 };
      const decision = decideBackup(policy, calendar, facts, { nowMs, timeZone });
      if (decision.action === "wait") {
        if (decision.untilMs !== undefined && decision.untilMs <= nowMs) expect.fail("waits for the past");
        if (decision.why === "schedule" && handled < newest) expect.fail(`lost ${new Date(newest).toISOString()} in ${timeZone}`);
        untilMs = decision.untilMs ?? nowMs + dayMs;
        return;
      }
      if (decision.action === "ask") expect.fail("asks without need");
      if (newest <= handled) expect.fail(`twice ${new Date(newest).toISOString()} in ${timeZone}`);
      if (failNext !== undefined) {
        memory = recordFailure(memory, { atMs: nowMs, code: failNext, jitter: 0.5 }, timeZone);
        failNext = undefined;
        continue;
      }
      runs.push({ label: newest, atMs: nowMs });
      success();
    }
  };

  look();
  for (const step of steps) {
    if (step.do === "wait") nowMs = Math.max(nowMs, untilMs);
    if (step.do === "sleep") nowMs += step.forMs;
    if (step.do === "travel") timeZone = step.to;
    if (step.do === "setClock") nowMs = Math.max(fromMs, nowMs + step.byMs);
    if (step.do === "fail") failNext = step.code;
    if (step.do === "byHand") {
      memory = settleMemory(memory, calendar, { nowMs, timeZone });
      success();
    }
    look();
  }
  return runs;
}

/** The newest wall time of the schedule that has passed. */
function newestPassed(calendar: Calendar, nowMs: number, timeZone: string): number {
  for (const backMs of [2 * dayMs, 8 * dayMs, 33 * dayMs, 400 * dayMs]) {
    let newest = -Infinity;
    let wallMs = calendar.nextWallMs(wallAt(nowMs, timeZone) - backMs);
    while (wallMs !== undefined && instantOf(wallMs, timeZone) <= nowMs) {
      newest = wallMs;
      wallMs = calendar.nextWallMs(wallMs);
    }
    if (newest > -Infinity) return newest;
  }
  return -Infinity;
}

const policies: BackupPolicy[] = [
  { frequency: "daily", at: "00:00" },
  { frequency: "daily", at: "02:30" },
  { frequency: "daily", at: "23:45" },
  { frequency: "weekly", at: "01:30" },
  { frequency: "monthly", dayOfMonth: 31 },
  { frequency: { cron: "0 */6 * * *" } },
  { frequency: { cron: "30 2 * * MON-FRI" } },
];

const zone = fc.constantFrom(...zones);
const instant = fc.integer({ min: fromMs / 1000, max: toMs / 1000 }).map((seconds) => seconds * 1000);
const quiet: fc.Arbitrary<Step>[] = [
  fc.constant<Step>({ do: "wait" }),
  fc.integer({ min: 1, max: 40 * 24 }).map((hours): Step => ({ do: "sleep", forMs: hours * hourMs })),
  fc.integer({ min: 1, max: 6 * 60 }).map((minutes): Step => ({ do: "sleep", forMs: minutes * 60_000 })),
  fc.constant<Step>({ do: "fail", code: "STORE_UNAVAILABLE" }),
  fc.constant<Step>({ do: "byHand" }),
];
const travel = zone.map((to): Step => ({ do: "travel", to }));
const setClock = fc.integer({ min: -500 * 24, max: 500 * 24 }).map((hours): Step => ({ do: "setClock", byMs: hours * hourMs }));
const nudgeClock = fc.integer({ min: -30 * 60, max: 30 * 60 }).map((minutes): Step => ({ do: "setClock", byMs: minutes * 60_000 }));

describe("one run for each time of the schedule", () => {
  it("default: awake for a year, each run in its order and on time", () => {
    for (const timeZone of ["UTC", "Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Africa/Cairo"]) {
      const runs = live({ frequency: "daily", at: "02:30" }, fromMs, timeZone, Array<Step>(366).fill({ do: "wait" }));
      expect(runs.length).toBe(366);
      runs.forEach(({ label, atMs }, index) => {
        expect(label).toBe(Date.UTC(2023, 0, 2, 2, 30) + index * dayMs);
        expect(atMs).toBe(instantOf(label, timeZone));
      });
    }
  });

  it("behavior: every zone, asleep and awake, with failures and backups by hand", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...policies),
        instant,
        zone,
        fc.array(fc.oneof(...quiet), { maxLength: 60 }),
        (policy, startMs, timeZone, steps) => {
          live(policy, startMs, timeZone, steps);
        },
      ),
      { numRuns: runs(1500) },
    );
  });

  it("behavior: a life of journeys", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...policies),
        instant,
        zone,
        fc.array(fc.oneof(...quiet, travel), { maxLength: 60 }),
        (policy, startMs, timeZone, steps) => {
          live(policy, startMs, timeZone, steps);
        },
      ),
      { numRuns: runs(1500) },
    );
  });

  it("behavior: clocks that jump back and forth, on journeys", () => {
    const steps = fc.array(fc.oneof(...quiet, travel, setClock, nudgeClock), { maxLength: 60 });
    fc.assert(
      fc.property(fc.constantFrom(...policies), instant, zone, steps, (policy, startMs, timeZone, life) => {
        live(policy, startMs, timeZone, life);
      }),
      { numRuns: runs(1500) },
    );
  });

  it("behavior: once the clock is right again, the next time of the schedule runs", () => {
    const steps = fc.array(fc.oneof(travel, setClock, nudgeClock), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(instant, zone, steps, (startMs, timeZone, life) => {
        const before = live({ frequency: "daily" }, startMs, timeZone, life).length;
        const after = live({ frequency: "daily" }, startMs, timeZone, [
          ...life,
          ...Array<Step>(5).fill({ do: "sleep", forMs: dayMs }),
        ]).length;
        expect(after - before).toBeGreaterThanOrEqual(2);
        expect(after - before).toBeLessThanOrEqual(6);
      }),
      { numRuns: runs(300) },
    );
  });
});
