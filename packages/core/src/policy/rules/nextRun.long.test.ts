import { Cron } from "croner";
import { describe, expect, it } from "vitest";
import { type Calendar, calendarOf, dailyCalendar } from "./calendar.ts";
import { nextRun } from "./nextRun.ts";
import type { BackupPolicy } from "./backupPolicy.ts";
import { normalizePolicy } from "./normalizePolicy.ts";
import { timeOfDayMs } from "../../time/timeOfDay.ts";
import { dayMs, dayOf, instantOf, wallAt } from "../../time/wallTime.ts";

const zones = Intl.supportedValuesOf("timeZone");
const fromMs = Date.UTC(2022, 0, 1);
const toMs = Date.UTC(2032, 0, 1);

function calendarFor(policy: BackupPolicy): Calendar {
  const calendar = calendarOf(normalizePolicy(policy));
  if (!calendar) throw new Error("No schedule of days.");
  return calendar;
}

describe("nextRun", () => {
  it("behavior: weekly and monthly runs of ten years, each once, in every zone", () => {
    const weekly = calendarFor({ weekday: "sunday", at: "02:30" });
    const monthly = calendarFor({ frequency: "monthly", dayOfMonth: 31, at: "00:15" });
    for (const timeZone of zones) {
      expect(runsOf(weekly, timeZone)).toBe(522);
      expect(runsOf(monthly, timeZone)).toBe(120);
    }
  });

  it("behavior: daily runs around every jump of ten years, each day once, in every zone, as croner has them", () => {
    const times = ["00:00", "00:30", "01:30", "02:00", "02:30", "03:00", "23:30"];
    let jumps = 0;
    for (const timeZone of zones) {
      const cron = new Cron("30 2 * * *", { paused: true, timezone: timeZone });
      for (const jumpMs of jumpDays(timeZone)) {
        jumps += 1;
        for (const at of times) {
          const calendar = dailyCalendar(at);
          const firstDay = dayOf(wallAt(jumpMs - 2 * dayMs, timeZone)) + dayMs;
          const expected = [0, 1, 2, 3].map((days) => instantOf(firstDay + days * dayMs + timeOfDayMs(at), timeZone));
          const runs: number[] = [];
          for (let atMs = (expected[0] ?? 0) - 1; runs.length < 4; atMs = runs.at(-1) ?? Infinity)
            runs.push(nextRun(calendar, atMs, timeZone) ?? NaN);
          if (runs.join() !== expected.join()) expect({ timeZone, at, runs }).toEqual({ timeZone, at, runs: expected });
          if (at !== "02:30") continue;
          const croners = runs.map((_, index) => cron.nextRun(new Date(runs[index - 1] ?? (expected[0] ?? 0) - 1000))?.getTime());
          if (runs.join() !== croners.join()) expect({ timeZone, at, runs }).toEqual({ timeZone, at, runs: croners });
        }
      }
    }
    expect(jumps).toBeGreaterThan(2000);
  });
});

/** How many times of a calendar lie in the ten years; checks that each is after the one before. */
function runsOf(calendar: Calendar, timeZone: string): number {
  let count = 0;
  for (let atMs = fromMs; ; count += 1) {
    const nextMs = nextRun(calendar, atMs, timeZone) ?? 0;
    if (nextMs <= atMs) expect.fail(`${timeZone} ${calendar.key}: ${nextMs} is not after ${atMs}`);
    if (nextMs >= toMs) return count;
    atMs = nextMs;
  }
}

/** The days of the ten years on which a zone's clock jumps. */
function jumpDays(timeZone: string): number[] {
  const offset = (atMs: number) => wallAt(atMs, timeZone) - atMs;
  const days: number[] = [];
  for (let atMs = fromMs; atMs < toMs; atMs += 10 * dayMs) {
    if (offset(atMs) === offset(atMs + 10 * dayMs)) continue;
    const day = Array.from({ length: 10 }, (_, index) => atMs + index * dayMs).find(
      (startMs) => offset(startMs) !== offset(startMs + dayMs),
    );
    days.push(day ?? atMs);
  }
  return days;
}
