import type { ArchiveDetails, ArchiveEntry } from "../../archives/archiveEntry.ts";
import type { NextRun } from "./nextRunReason.ts";
import type { Health, HealthReason } from "./health.ts";
import type { PartialReason } from "../../retention/rules/partialReason.ts";
import type { SmallerBackup } from "../../retention/rules/smallerBackup.ts";
import type { Calendar } from "./calendar.ts";
import type { BackupDecision } from "./decideBackup.ts";
import { isComplete } from "../../retention/rules/isComplete.ts";
import { isWhole, whyNotWhole } from "../../retention/rules/isWhole.ts";
import type { Moment } from "./moment.ts";
import { isOfInbox, newestWhole, type Owner } from "../../retention/rules/newestWhole.ts";
import type { KeysSeen } from "./observation.ts";
import { defaultPolicy, type FullPolicy } from "./backupPolicy.ts";
import type { FailureMemory, PolicyMemory } from "./policyMemory.ts";
import { dayMs, instantOf, wallAt } from "../../time/wallTime.ts";

export type HealthFacts = {
  memory: PolicyMemory;
  decision: BackupDecision;
  /** Newest first. */
  archives: readonly ArchiveEntry[];
  inboxId: string;
  /** The installation whose backups are judged. @default not known: archives of every installation count alike */
  installationId?: string;
  /** The network of this client, as `networkName` names it. @default not known: archives of every network count */
  network?: string;
  storage?: { usedBytes: number; totalBytes: number };
  /** The newest archive holds far less than an earlier one. */
  smaller?: SmallerBackup;
  /** This installation is known to be in its inbox no more. @default false */
  isRevoked?: boolean;
  /** The store could not be asked, not even some time ago: nobody knows what it holds. @default false */
  isUnread?: boolean;
  /** Absent when the key store could not be asked. */
  keys?: KeysSeen;
};

/** How many scheduled times may pass without a new archive before that is worth a warning, and how much time at least. */
const toleratedTimes = 3;
const toleratedMs = 2 * dayMs;

/** Judges the state of the backups from the newest archive that was verified, the failures and the schedule. */
export function assessHealth(policy: FullPolicy, calendar: Calendar, facts: HealthFacts, moment: Moment): Health {
  const { memory, decision, archives } = facts;
  const verifiedMs = newestWhole(archives, facts, moment.nowMs, memory.damage?.id)?.createdAtMs;
  const lacks = newestOfAll(archives, facts)?.lacks;
  return {
    ...judge(policy, calendar, facts, verifiedMs, moment),
    ...(facts.smaller && { smaller: facts.smaller }),
    ...(verifiedMs !== undefined && { daysSinceVerified: Math.floor((moment.nowMs - verifiedMs) / dayMs) }),
    ...(lacks && { lacks }),
    nextRun: nextRunOf(decision, moment.nowMs),
  };
}

function judge(
  policy: FullPolicy,
  calendar: Calendar,
  { memory, storage, smaller, isRevoked = false, isUnread = false, keys, archives, ...owner }: HealthFacts,
  verifiedMs: number | undefined,
  moment: Moment,
): HealthReason {
  const { failure, installedAtMs, damage } = memory;
  const { failingDays, staleDays, storageUsed } = { ...defaultPolicy.reminders, ...(policy.reminders || {}) };
  if (isRevoked) return { level: "failing", reason: "revoked" };
  if (keys && lacksKey(keys, archives)) return { level: "failing", reason: "keyMissing" };
  if (failure) return failureReason(failure, failingDays || defaultPolicy.reminders.failingDays);
  if (damage) return { level: "warning", reason: "damaged", archiveId: damage.id, code: damage.code };
  if (smaller) return { level: "warning", reason: "smaller", smaller };
  if (isUnread) return { level: "warning", reason: keys ? "storeUnread" : "keysUnread" };
  if (keys && keys.unusable > 0) return { level: "warning", reason: "unusableKeys", keys: keys.unusable };
  const newest = newestOfAll(archives, owner);
  if (newest && !isComplete(newest)) return incomplete(newest);
  const sinceMs = verifiedMs ?? installedAtMs;
  const partial =
    verifiedMs === undefined || isOverdue(calendar, sinceMs, moment) ? newerPartial(archives, owner, sinceMs, moment.nowMs) : undefined;
  if (partial !== undefined) return { level: "warning", reason: "partial", why: partial };
  if (isFirstDue(policy, memory)) return { level: "warning", reason: whyNone(policy, memory) };
  if (isOverdue(calendar, sinceMs, moment)) return { level: "warning", reason: "missed", times: toleratedTimes };
  if (verifiedMs === undefined) return { level: "warning", reason: whyNone(policy, memory) };
  const oldMs = moment.nowMs - sinceMs;
  if (policy.frequency === "never" && oldMs >= (staleDays || defaultPolicy.reminders.staleDays) * dayMs) {
    return { level: "warning", reason: "old", days: Math.floor(oldMs / dayMs) };
  }
  const used = storage && storage.totalBytes > 0 ? storage.usedBytes / storage.totalBytes : 0;
  if (used >= (storageUsed || defaultPolicy.reminders.storageUsed))
    return { level: "warning", reason: "storageNearlyFull", percent: Math.floor(used * 100) };
  return { level: "ok", reason: "protected" };
}

function failureReason({ isPermanent, days, count, code: known }: FailureMemory, failingDays: number): HealthReason {
  const code = known === undefined ? {} : { code: known };
  if (isPermanent) return { level: "failing", reason: "userNeeded", ...code };
  return days >= failingDays
    ? { level: "failing", reason: "failingDays", days, ...code }
    : { level: "warning", reason: "lastFailed", failures: count, ...code };
}

function incomplete({ missingMessages, lacks }: ArchiveDetails): HealthReason {
  return { level: "warning", reason: "incomplete", ...(missingMessages !== undefined && { missingMessages }), ...(lacks && { lacks }) };
}

/** Whether a backup of this installation is due that begins its protection; archives of other installations do not hold what it alone has. */
export function isFirstDue(
  { frequency }: Pick<FullPolicy, "frequency">,
  { unprotectedSinceMs }: Pick<PolicyMemory, "unprotectedSinceMs">,
): boolean {
  return unprotectedSinceMs !== undefined && frequency !== "never";
}

function whyNone({ frequency }: FullPolicy, { unprotectedSinceMs, lastSuccessMs }: PolicyMemory): "noArchive" | "firstDue" | "lost" {
  if (unprotectedSinceMs === undefined) return "noArchive";
  if (lastSuccessMs !== undefined) return "lost";
  return frequency === "never" ? "noArchive" : "firstDue";
}

function lacksKey({ usable, mayBeMade }: KeysSeen, archives: readonly ArchiveEntry[]): boolean {
  return usable === 0 && !mayBeMade && archives.length > 0;
}

function isOverdue(calendar: Calendar, sinceMs: number, { nowMs, timeZone }: Moment): boolean {
  if (nowMs - sinceMs < toleratedMs) return false;
  let wallMs: number | undefined = wallAt(sinceMs, timeZone);
  for (let times = 0; times < toleratedTimes && wallMs !== undefined; times += 1) wallMs = calendar.nextWallMs(wallMs);
  return wallMs !== undefined && instantOf(wallMs, timeZone) <= nowMs;
}

/** What the newest archive of everything holds, whichever installation made it. */
function newestOfAll(archives: readonly ArchiveEntry[], owner: Owner): ArchiveEntry["details"] {
  return archives.find(({ details }) => isOfInbox(details, owner) && isWhole(details))?.details;
}

/** Why the newest archive is not whole, if it was made since then. */
function newerPartial(archives: readonly ArchiveEntry[], owner: Owner, sinceMs: number, nowMs: number): PartialReason | undefined {
  const newest = archives.find(({ createdAtMs, details }) => createdAtMs <= nowMs && createdAtMs > sinceMs && isOfInbox(details, owner));
  return newest?.details && whyNotWhole(newest.details);
}

function nextRunOf(decision: BackupDecision, nowMs: number): NextRun {
  switch (decision.action) {
    case "backup": {
      const { trigger, due } = decision;
      return { why: "due", trigger, due, atMs: nowMs };
    }
    case "ask": {
      const { trigger, due, code } = decision;
      return { why: "user", trigger, due, ...(code !== undefined && { code }) };
    }
    case "wait": {
      const { action: _waits, untilMs, ...waiting } = decision;
      return { ...waiting, ...(untilMs !== undefined && { atMs: untilMs }) };
    }
  }
}
