import type { PolicyMemory, ReminderMemory } from "./policyMemory.ts";
import { dayMs } from "../../time/wallTime.ts";

/** Nothing that was shown this long ago can come back under the same id, but for what was dismissed for good. */
const forgottenAfterMs = 400 * dayMs;

/** Keeps that a new reminder was shown, and forgets those of long ago. */
export function recordShown(memory: PolicyMemory, id: string, nowMs: number): PolicyMemory {
  const isKept = ([known, { shownAtMs = nowMs }]: [string, ReminderMemory]) => !known.includes(":") || shownAtMs > nowMs - forgottenAfterMs;
  const reminders = Object.fromEntries(Object.entries(memory.reminders).filter(isKept));
  return { ...memory, reminders: { ...reminders, [id]: { ...reminders[id], shownAtMs: nowMs } } };
}

/** Keeps that the user does not want to see a reminder again. */
export function recordDismissed(memory: PolicyMemory, id: string, nowMs: number): PolicyMemory {
  return { ...memory, reminders: { ...memory.reminders, [id]: { ...memory.reminders[id], dismissedAtMs: nowMs } } };
}

/** Keeps that the user wants to see a reminder again at a time of their choice. */
export function recordSnoozed(memory: PolicyMemory, id: string, untilMs: number): PolicyMemory {
  return { ...memory, reminders: { ...memory.reminders, [id]: { ...memory.reminders[id], snoozedUntilMs: untilMs } } };
}
