import { type Calendar, calendarOf } from "./rules/calendar.ts";
import { toCronCalendar } from "./rules/toCronCalendar.ts";
import type { FullPolicy } from "./rules/backupPolicy.ts";

/**
 * The schedule of a policy, fetching the cron library only for a cron pattern.
 *
 * croner costs 10 kB (minified, gzip), more than all the rest of the policy; daily, weekly and monthly do without it.
 *
 * @throws POLICY_INVALID when the library does not understand the pattern
 */
export async function loadCalendar(policy: FullPolicy): Promise<Calendar> {
  const calendar = calendarOf(policy);
  if (calendar || typeof policy.frequency === "string") return calendar as Calendar;
  const { Cron } = await import("croner");
  return toCronCalendar(policy.frequency.cron, Cron);
}
