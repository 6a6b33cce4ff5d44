import { hourMs, minuteMs } from "./wallTime.ts";

/** A time of day from `00:00` to `23:59`. */
export type TimeOfDay = string;

const pattern = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Milliseconds since midnight on the wall; undefined for text that is no time of day. */
export function parseTimeOfDay(text: unknown): number | undefined {
  const parts = typeof text === "string" ? pattern.exec(text) : null;
  return parts ? Number(parts[1]) * hourMs + Number(parts[2]) * minuteMs : undefined;
}

/** The same for text that was checked before. */
export function timeOfDayMs(text: TimeOfDay): number {
  return parseTimeOfDay(text) ?? 0;
}
