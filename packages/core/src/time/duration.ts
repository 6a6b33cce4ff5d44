import type { WallMs } from "./wallTime.ts";
import { dayMs, hourMs } from "./wallTime.ts";

/** A length of calendar time: years, months, weeks, days and hours in this order, such as `30d`, `1y6m` or `12h`. */
export type Duration = string;

type DurationParts = { months: number; days: number; hours: number };

const pattern = /^(?:(\d{1,3})y)?(?:(\d{1,4})m)?(?:(\d{1,4})w)?(?:(\d{1,5})d)?(?:(\d{1,6})h)?$/;

/** Undefined for text that is not a duration, or is one of no length. */
export function parseDuration(text: unknown): DurationParts | undefined {
  const parts = typeof text === "string" ? pattern.exec(text) : null;
  if (!parts) return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0] = parts.slice(1).map((part: string | undefined) => Number(part ?? 0));
  const duration = { months: years * 12 + months, days: weeks * 7 + days, hours };
  return duration.months + duration.days + duration.hours > 0 ? duration : undefined;
}

/** The wall time `times` durations away; a day that a month does not have becomes the month's last day. */
export function addDuration(wallMs: WallMs, duration: Duration, times: 1 | -1): WallMs {
  const { months, days, hours } = parseDuration(duration) ?? { months: 0, days: 0, hours: 0 };
  const date = new Date(wallMs);
  const firstOfMonth = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + times * months, 1);
  const dayOfMonth = Math.min(date.getUTCDate(), daysInMonth(firstOfMonth));
  const timeOfDayMs = ((wallMs % dayMs) + dayMs) % dayMs;
  return firstOfMonth + (dayOfMonth - 1) * dayMs + timeOfDayMs + times * (days * dayMs + hours * hourMs);
}

/** How many days the month of a wall time has. */
export function daysInMonth(wallMs: WallMs): number {
  const date = new Date(wallMs);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}
