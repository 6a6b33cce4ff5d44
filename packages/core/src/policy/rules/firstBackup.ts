import type { DueReason } from "./nextRunReason.ts";
import type { PolicyMemory } from "./policyMemory.ts";
import { policyTimes } from "./policyTimes.ts";

/** When the backup is due that begins the protection, and why. */
export type FirstBackup = {
  /** In milliseconds since 1970. */
  atMs: number;
  due: DueReason;
};

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
  const settledAtMs = unprotectedSinceMs + policyTimes.firstSettlingMs + Math.round(jitter * policyTimes.firstSpreadMs);
  const restedAtMs = lastSuccessMs === undefined ? 0 : lastSuccessMs + policyTimes.lostRestMs;
  const due: DueReason = { reason: lastSuccessMs === undefined ? "first" : "lost" };
  return { atMs: Math.max(settledAtMs, restedAtMs, activityRestsUntilMs, unfinishedRestoreMs + policyTimes.unfinishedRestoreRestMs), due };
}
