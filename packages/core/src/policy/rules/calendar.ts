import type { ScheduleName } from "./nextRunReason.ts";
import { daysInMonth } from "../../time/duration.ts";
import type { FullPolicy } from "./backupPolicy.ts";
import { type TimeOfDay, timeOfDayMs } from "../../time/timeOfDay.ts";
import { dayMs, dayOf, type WallMs } from "../../time/wallTime.ts";
import { weekdays } from "../../time/weekday.ts";

/** The times of a schedule on the wall, without a zone. */
export type Calendar = {
  /** Tells schedules apart; two with the same key have the same times. */
  key: string;
  /** Which schedule it is. */
  name: ScheduleName;
  /** The first time of the schedule after another one; undefined when there is none. */
  nextWallMs(afterWallMs: WallMs): WallMs | undefined;
};

/** The schedule of a policy; undefined for a cron pattern, whose calendar `loadCalendar` fetches. */
export function calendarOf({ frequency, at, weekday, dayOfMonth }: FullPolicy): Calendar | undefined {
  switch (frequency) {
    case "never":
      return { key: "never", name: "never", nextWallMs: () => undefined };
    case "daily":
      return dailyCalendar(at);
    case "weekly":
      return weeklyCalendar(at, weekdays.indexOf(weekday));
    case "monthly":
      return monthlyCalendar(at, dayOfMonth);
    default:
      return undefined;
  }
}

/** Every day at a time of day. */
export function dailyCalendar(at: TimeOfDay): Calendar {
  const atMs = timeOfDayMs(at);
  return {
    key: `daily ${at}`,
    name: "daily",
    nextWallMs(afterWallMs) {
      const todayMs = dayOf(afterWallMs) + atMs;
      return todayMs > afterWallMs ? todayMs : todayMs + dayMs;
    },
  };
}

function weeklyCalendar(at: TimeOfDay, weekday: number): Calendar {
  const atMs = timeOfDayMs(at);
  return {
    key: `weekly ${weekday} ${at}`,
    name: "weekly",
    nextWallMs(afterWallMs) {
      const days = (weekday - new Date(afterWallMs).getUTCDay() + 7) % 7;
      const thisWeekMs = dayOf(afterWallMs) + days * dayMs + atMs;
      return thisWeekMs > afterWallMs ? thisWeekMs : thisWeekMs + 7 * dayMs;
    },
  };
}

function monthlyCalendar(at: TimeOfDay, dayOfMonth: number): Calendar {
  const atMs = timeOfDayMs(at);
  const dueIn = (firstOfMonth: WallMs) => firstOfMonth + (Math.min(dayOfMonth, daysInMonth(firstOfMonth)) - 1) * dayMs + atMs;
  return {
    key: `monthly ${dayOfMonth} ${at}`,
    name: "monthly",
    nextWallMs(afterWallMs) {
      const date = new Date(afterWallMs);
      const thisMonthMs = dueIn(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1));
      return thisMonthMs > afterWallMs ? thisMonthMs : dueIn(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1));
    },
  };
}
