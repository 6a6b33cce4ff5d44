import type { AutomaticTrigger, DueReason } from "./nextRunReason.ts";
import type { Calendar } from "./calendar.ts";
import { addDuration } from "../../time/duration.ts";
import { type FirstBackup, firstBackup } from "./firstBackup.ts";
import type { FullPolicy } from "./backupPolicy.ts";
import type { PolicyMemory } from "./policyMemory.ts";
import { instantOf, minuteMs, wallAt } from "../../time/wallTime.ts";

export type DueTriggers = {
  due?: {
    trigger: Exclude<AutomaticTrigger, "event">;
    due: DueReason;
    /** Since when it is due, in milliseconds since 1970. */
    sinceMs: number;
  };
  /** What comes next, in the future; absent when nothing is on the calendar. */
  next?: {
    atMs: number;
    /** What asks for a backup already, and may have it then; absent for a time of the schedule. */
    pending?: { trigger: "first" | "activity"; due: DueReason };
  };
};

/** A scheduled time counts as missed when it is noticed later than this. */
const punctualMs = 2 * minuteMs;

/** What is due: the first backup first, then the schedule, all missed times as one, then activity. */
export function dueTriggers(
  policy: FullPolicy,
  calendar: Calendar,
  memory: PolicyMemory,
  nowMs: number,
  timeZone: string,
  jitter: number,
): DueTriggers {
  const first = firstBackup(memory, jitter);
  if (first && first.atMs <= nowMs) return { due: { trigger: "first", due: first.due, sinceMs: first.atMs } };

  const wallMs = calendar.nextWallMs(memory.handledWallMs);
  const sinceMs = wallMs === undefined ? Infinity : instantOf(wallMs, timeZone);
  if (sinceMs <= nowMs) {
    const reason = nowMs - sinceMs > punctualMs ? "missed" : "schedule";
    return { due: { trigger: "schedule", due: { reason, schedule: calendar.name }, sinceMs } };
  }
  const active = whyActive(policy, memory);
  const activeAtMs = active ? activityAllowedMs(policy, memory, timeZone) : Infinity;
  if (active && activeAtMs <= nowMs) return { due: { trigger: "activity", due: active, sinceMs: nowMs } };
  return nextOf(first, sinceMs, active, activeAtMs);
}

function nextOf(first: FirstBackup | undefined, scheduleMs: number, active: DueReason | undefined, activeAtMs: number): DueTriggers {
  const atMs = Math.min(first?.atMs ?? Infinity, scheduleMs, activeAtMs);
  if (atMs === Infinity) return {};
  if (first?.atMs === atMs) return { next: { atMs, pending: { trigger: "first", due: first.due } } };
  if (active && scheduleMs > atMs) return { next: { atMs, pending: { trigger: "activity", due: active } } };
  return { next: { atMs } };
}

/** Why activity alone asks for a backup, if it does. */
export function whyActive(
  { afterMessages, afterConversations }: FullPolicy,
  { messagesSince, conversationsSince }: PolicyMemory,
): DueReason | undefined {
  if (afterMessages !== false && messagesSince >= afterMessages) return { reason: "messages", count: messagesSince };
  if (afterConversations !== false && conversationsSince >= afterConversations)
    return { reason: "conversations", count: conversationsSince };
  return undefined;
}

function activityAllowedMs(
  { activityPause }: FullPolicy,
  { lastSuccessMs, activityRestsUntilMs = 0 }: PolicyMemory,
  timeZone: string,
): number {
  if (activityPause === false || lastSuccessMs === undefined) return activityRestsUntilMs;
  return Math.max(activityRestsUntilMs, instantOf(addDuration(wallAt(lastSuccessMs, timeZone), activityPause, 1), timeZone));
}
