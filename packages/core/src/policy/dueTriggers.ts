import type { Calendar } from "./calendar.ts";
import { addDuration } from "./duration.ts";
import type { FullPolicy } from "./policy.ts";
import type { PolicyMemory } from "./policyMemory.ts";
import { instantOf, minuteMs, wallAt } from "./wallTime.ts";

export type DueTriggers = {
  due?: {
    trigger: "schedule" | "activity";
    reason: string;
    /** Since when it is due, in milliseconds since 1970. */
    sinceMs: number;
  };
  /** When something will be due, in the future; absent when nothing is on the calendar. */
  nextMs?: number;
};

/** A scheduled time counts as missed when it is noticed later than this. */
const punctualMs = 2 * minuteMs;

/** What of the schedule and the activity is due: the schedule first, and all missed times as one. */
export function dueTriggers(policy: FullPolicy, calendar: Calendar, memory: PolicyMemory, nowMs: number, timeZone: string): DueTriggers {
  const wallMs = calendar.nextWallMs(memory.handledWallMs);
  const sinceMs = wallMs === undefined ? Infinity : instantOf(wallMs, timeZone);
  if (sinceMs <= nowMs) {
    const isMissed = nowMs - sinceMs > punctualMs;
    return { due: { trigger: "schedule", reason: `the ${calendar.name} ${isMissed ? "was missed" : "is due"}`, sinceMs } };
  }
  const reason = whyActive(policy, memory);
  const activeAtMs = reason === undefined ? Infinity : activityAllowedMs(policy, memory, timeZone);
  if (reason !== undefined && activeAtMs <= nowMs) return { due: { trigger: "activity", reason, sinceMs: nowMs } };
  const nextMs = Math.min(sinceMs, activeAtMs);
  return nextMs === Infinity ? {} : { nextMs };
}

/** Why activity alone asks for a backup, if it does. */
export function whyActive({ afterMessages, afterConversations }: FullPolicy, { messagesSince, conversationsSince }: PolicyMemory): string | undefined {
  if (afterMessages !== false && messagesSince >= afterMessages) return `${messagesSince} messages are new since the last backup`;
  if (afterConversations !== false && conversationsSince >= afterConversations) {
    return `${conversationsSince} conversations are newly active since the last backup`;
  }
  return undefined;
}

function activityAllowedMs({ activityPause }: FullPolicy, { lastSuccessMs, activityRestsUntilMs = 0 }: PolicyMemory, timeZone: string): number {
  if (activityPause === false || lastSuccessMs === undefined) return activityRestsUntilMs;
  return Math.max(activityRestsUntilMs, instantOf(addDuration(wallAt(lastSuccessMs, timeZone), activityPause, 1), timeZone));
}
