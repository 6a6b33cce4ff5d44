import type { BackupStatus } from "./backupStatus.ts";
import type { PolicyView } from "./policy/policyView.ts";

/** What the policy knows of the backups, as an app shows it; what happened in this process says more and is laid over it. */
export function toBackupStatus({ state, isStarted = false }: PolicyView): BackupStatus {
  if (!state) return { isStarted };
  const { memory, health, seen } = state;
  const { nextRun, daysSinceVerified, ...judged } = health;
  const { smaller } = health;
  const { lastSuccessMs, failure, messagesSince } = memory;
  const newest = seen.archives?.find(({ createdAtMs, details }) => createdAtMs === lastSuccessMs && details?.inboxId === seen.inboxId);
  return {
    isStarted,
    health: judged,
    nextRun,
    messagesSince,
    ...(daysSinceVerified !== undefined && { daysSinceVerified }),
    ...(smaller && { smaller }),
    ...(lastSuccessMs !== undefined && { lastSuccess: { atMs: lastSuccessMs, ...(newest && { archiveId: newest.id }) } }),
    ...(seen.keys && seen.keys.unusable > 0 && { unusableKeys: seen.keys.unusable }),
    ...(failure && { lastFailure: { atMs: failure.lastAtMs, ...(failure.code !== undefined && { code: failure.code }) } }),
  };
}

/** Lays what this process knows over what the policy knows, but for what a later success of another process has made out of date. */
export function withOwn(known: BackupStatus, { lastSuccess, lastFailure, ...own }: BackupStatus): BackupStatus {
  const sinceMs = known.lastSuccess?.atMs ?? -Infinity;
  return {
    ...known,
    ...own,
    ...(lastSuccess && lastSuccess.atMs >= sinceMs && { lastSuccess }),
    ...(lastFailure && lastFailure.atMs >= sinceMs && { lastFailure }),
  };
}
