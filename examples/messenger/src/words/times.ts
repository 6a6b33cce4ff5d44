const timeOfDay = new Intl.DateTimeFormat("en", { timeStyle: "short" });
const weekday = new Intl.DateTimeFormat("en", { weekday: "long" });
const day = new Intl.DateTimeFormat("en", { month: "short", day: "numeric" });
const dayOfYear = new Intl.DateTimeFormat("en", { dateStyle: "medium" });

/** The time of day, as beside a message: `2:03 PM`. */
export function timeText(atMs: number): string {
  return timeOfDay.format(atMs);
}

/** When something was or will be, within a sentence: `today at 2:03 PM`, `on Sunday at 2:00 AM`, `on Jun 8, 2026 at 2:00 AM`. */
export function whenText(atMs: number, nowMs: number): string {
  return `${dayText(atMs, nowMs)} at ${timeText(atMs)}`;
}

/** The shortest that tells when, as in a list: the time today, the day before that. */
export function shortWhenText(atMs: number, nowMs: number): string {
  return daysUntil(atMs, nowMs) === 0 ? timeText(atMs) : day.format(atMs);
}

/** The day that messages stand under, without a preposition. */
export function dateText(atMs: number): string {
  return dayOfYear.format(atMs);
}

function dayText(atMs: number, nowMs: number): string {
  const days = daysUntil(atMs, nowMs);
  if (days === 0) return "today";
  if (days === 1) return "tomorrow";
  if (days === -1) return "yesterday";
  return days > 1 && days < 7 ? `on ${weekday.format(atMs)}` : `on ${dateText(atMs)}`;
}

function daysUntil(atMs: number, nowMs: number): number {
  return Math.round((midnightOf(atMs) - midnightOf(nowMs)) / 86_400_000);
}

function midnightOf(atMs: number): number {
  return new Date(atMs).setHours(0, 0, 0, 0);
}

/** Tomorrow morning at nine. */
export function tomorrowMs(nowMs: number): number {
  const date = new Date(nowMs);
  date.setDate(date.getDate() + 1);
  return date.setHours(9, 0, 0, 0);
}
