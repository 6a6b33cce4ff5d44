import type { DueReason } from "./nextRunReason.ts";
import type { PolicyMemory } from "./policyMemory.ts";
import { dayMs, minuteMs } from "../../time/wallTime.ts";

/** When the backup is due that begins the protection, and why. */
export type FirstBackup = {
  /** In milliseconds since 1970. */
  atMs: number;
  due: DueReason;
};

/** How long an installation is left alone before its first backup, so that the app can open and the user can look around. */
export const firstSettlingMs = minuteMs;

/** Chance adds up to this much, so that many clients that start together do not back up together. */
export const firstSpreadMs = minuteMs;

/**
 * How long after a backup another one is due because its archive is gone.
 *
 * Something may remove every archive at once; a backup each time would cost the user more than it protects.
 */
export const lostRestMs = dayMs;

/** How long after a restore that brought only a part of the history the first backup waits, so that the user can restore again. */
export const unfinishedRestoreRestMs = dayMs;

/**
 * When an installation without an archive is to back up; undefined while it has one, or nothing to back up.
 *
 * The time counts from when that was first seen. It is remembered, so that neither a restart nor a late timer puts it off.
 *
 * @param jitter - a random number from 0 to 1
 */
export function firstBackup(
  { unprotectedSinceMs, lastSuccessMs, activityRestsUntilMs = 0, unfinishedRestoreMs = -Infinity }: PolicyMemory,
  jitter: number,
): FirstBackup | undefined {
  if (unprotectedSinceMs === undefined) return undefined;
  const settledAtMs = unprotectedSinceMs + firstSettlingMs + Math.round(jitter * firstSpreadMs);
  const restedAtMs = lastSuccessMs === undefined ? 0 : lastSuccessMs + lostRestMs;
  const due: DueReason = { reason: lastSuccessMs === undefined ? "first" : "lost" };
  return { atMs: Math.max(settledAtMs, restedAtMs, activityRestsUntilMs, unfinishedRestoreMs + unfinishedRestoreRestMs), due };
}
