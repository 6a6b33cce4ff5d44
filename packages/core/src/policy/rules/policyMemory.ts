import type { DamagedArchive } from "../../retention/rules/damagedArchive.ts";
import { policyTimes } from "./policyTimes.ts";
import type { Calendar } from "./calendar.ts";
import type { Moment } from "./moment.ts";
import { wallAt, type WallMs, widestZonesMs } from "../../time/wallTime.ts";

/** Failures in a row, since the last backup that succeeded. */
export type FailureMemory = {
  count: number;
  /** On how many days, in the policy's zone. */
  days: number;
  /** When the first and the last of them were, in milliseconds since 1970. */
  firstAtMs: number;
  lastAtMs: number;
  /** The code of the last one, if it is one of ours. */
  code?: string;
  /** Only the user can help. */
  isPermanent: boolean;
  /** When to try again, in milliseconds since 1970. */
  retryAtMs: number;
};

/** What happened to one reminder, in milliseconds since 1970. */
export type ReminderMemory = { shownAtMs?: number; dismissedAtMs?: number; snoozedUntilMs?: number };

/** What the policy remembers over restarts; plain JSON. */
export type PolicyMemory = {
  /** When the policy first ran here, in milliseconds since 1970. */
  installedAtMs: number;
  /** The key of the schedule that `handledWallMs` speaks of. */
  schedule: string;
  /** Every scheduled time up to this time on the wall is dealt with. */
  handledWallMs: WallMs;
  /** When the last backup that succeeded began, in milliseconds since 1970. */
  lastSuccessMs?: number;
  /** New messages and newly active conversations since then. */
  messagesSince: number;
  conversationsSince: number;
  /** Since when this installation is known to have history and no archive that holds it, in milliseconds since 1970. */
  unprotectedSinceMs?: number;
  /** When a restore ended that brought only a part, in milliseconds since 1970; absent once one has succeeded, or a backup. */
  unfinishedRestoreMs?: number;
  /** Activity starts no backup before this, in milliseconds since 1970. */
  activityRestsUntilMs?: number;
  failure?: FailureMemory;
  /** When a stored archive was last read back, in milliseconds since 1970. */
  lastVerificationMs?: number;
  /** The stored archive that was found damaged, or gone, when it was to be read back. */
  damage?: DamagedArchive;
  /** Fingerprint of the archive key that the user confirmed to be in a safe place. */
  confirmedKey?: string;
  reminders: Readonly<Record<string, ReminderMemory>>;
};

/** The memory of a policy that has just been installed: nothing of the past is owed. */
export function createMemory(calendar: Calendar, { nowMs, timeZone }: Moment): PolicyMemory {
  return {
    installedAtMs: nowMs,
    schedule: calendar.key,
    handledWallMs: wallAt(nowMs, timeZone),
    messagesSince: 0,
    conversationsSince: 0,
    reminders: {},
  };
}

/** Whether a note of an earlier process can be gone on with. Any other note counts as missing. */
export function isPolicyMemory(note: unknown): note is PolicyMemory {
  if (typeof note !== "object" || note === null) return false;
  const { installedAtMs, handledWallMs, messagesSince, conversationsSince, schedule, reminders } = note as Record<string, unknown>;
  const numbers = [installedAtMs, handledWallMs, messagesSince, conversationsSince];
  return numbers.every(Number.isFinite) && typeof schedule === "string" && typeof reminders === "object" && reminders !== null;
}

/**
 * Brings the memory in line with the schedule and the clock; the same object when it is. To be called before each decision.
 *
 * A new schedule owes nothing of the time before it. A clock that was set back left times behind that have not come yet:
 * those become now, so that nothing waits for a day that a wrong clock showed. On the wall, the change of a time zone
 * looks like up to 26 hours of that, and is none.
 */
export function settleMemory(memory: PolicyMemory, calendar: Calendar, { nowMs, timeZone }: Moment): PolicyMemory {
  const nowWallMs = wallAt(nowMs, timeZone);
  let settled = memory;
  const change = (changes: Partial<PolicyMemory>) => (settled = { ...settled, ...changes });

  if (memory.schedule !== calendar.key) change({ schedule: calendar.key, handledWallMs: nowWallMs });
  if (settled.handledWallMs > nowWallMs + widestZonesMs) change({ handledWallMs: nowWallMs });
  for (const stamp of ["installedAtMs", "lastSuccessMs", "lastVerificationMs", "unprotectedSinceMs", "unfinishedRestoreMs"] as const) {
    if ((memory[stamp] ?? 0) > nowMs) change({ [stamp]: nowMs });
  }
  if ((memory.activityRestsUntilMs ?? 0) > nowMs + policyTimes.restAfterCancelMs) change({ activityRestsUntilMs: nowMs });
  const { failure, damage } = memory;
  if ((damage?.foundAtMs ?? 0) > nowMs) change({ damage: { ...(damage as DamagedArchive), foundAtMs: nowMs } });
  if (failure && (failure.lastAtMs > nowMs || failure.retryAtMs > nowMs + policyTimes.longestBackoffMs)) {
    const { firstAtMs, retryAtMs } = failure;
    change({ failure: { ...failure, firstAtMs: Math.min(firstAtMs, nowMs), lastAtMs: nowMs, retryAtMs: Math.min(retryAtMs, nowMs) } });
  }
  if (Object.values(memory.reminders).some(({ shownAtMs = 0 }) => shownAtMs > nowMs)) {
    const pullBack = ([id, reminder]: [string, ReminderMemory]) => [
      id,
      { ...reminder, shownAtMs: Math.min(reminder.shownAtMs ?? nowMs, nowMs) },
    ];
    change({ reminders: Object.fromEntries(Object.entries(memory.reminders).map(pullBack)) as PolicyMemory["reminders"] });
  }
  return settled;
}
