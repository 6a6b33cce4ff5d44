import type { ReminderFacts } from "./reminderFacts.ts";
import type { Reminder } from "./reminder.ts";
import type { Moment } from "./moment.ts";
import type { FullPolicy } from "./backupPolicy.ts";
import type { ReminderMemory } from "./policyMemory.ts";
import { possibleReminders } from "./possibleReminders.ts";
import { dayMs } from "../../time/wallTime.ts";

export type DueReminders = {
  /** What to show now, the most important first. */
  shown: readonly Reminder[];
  /** The one of them that is new; to be recorded with `recordShown`. */
  fresh?: Reminder;
};

/**
 * Says which reminders to show: those that are shown already while their cause lasts, and at most one new one a day.
 *
 * While a task runs there are none. A dismissed suggestion stays away, and a postponed one comes back at its time.
 */
export function dueReminders(policy: FullPolicy, facts: ReminderFacts, moment: Moment): DueReminders {
  if (facts.isRunning || policy.reminders === false) return { shown: [] };
  const { nowMs } = moment;
  const { reminders } = facts.memory;
  const isQuietDay = Object.values(reminders).every(({ shownAtMs = -Infinity }) => shownAtMs <= nowMs - dayMs);
  const shown: Reminder[] = [];
  let fresh: Reminder | undefined;
  for (const reminder of possibleReminders(policy, policy.reminders, facts, moment)) {
    const known = reminders[reminder.id];
    if (known && isSilent(known, nowMs)) continue;
    const isNew = known?.shownAtMs === undefined;
    if (isNew && (fresh || !isQuietDay)) continue;
    shown.push(reminder);
    if (isNew) fresh = reminder;
  }
  return { shown, ...(fresh && { fresh }) };
}

function isSilent({ dismissedAtMs, snoozedUntilMs = 0 }: ReminderMemory, nowMs: number): boolean {
  return dismissedAtMs !== undefined || snoozedUntilMs > nowMs;
}
