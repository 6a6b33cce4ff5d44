import type { ArchiveDetails, ArchiveEntry, ArchiveId, ArchiveLacks } from "../model/archiveEntry.ts";
import { isSameNetwork } from "../model/network.ts";
import type { SmallerBackup } from "../model/status.ts";
import type { Calendar } from "./calendar.ts";
import type { BackupDecision } from "./decideBackup.ts";
import { describeLacks } from "./describeLacks.ts";
import { isComplete } from "./isComplete.ts";
import { isWhole, whyNotWhole } from "./isWhole.ts";
import type { Moment } from "./moment.ts";
import type { KeysSeen } from "./observation.ts";
import type { FullPolicy } from "./policy.ts";
import type { PolicyMemory } from "./policyMemory.ts";
import { defaultReminders } from "./reminderSettings.ts";
import { smallerReason } from "./smallerBackup.ts";
import { dayMs, instantOf, wallAt } from "./wallTime.ts";

/** How well the user's history is protected, and why. */
export type Health = {
  level: "ok" | "warning" | "failing";
  /** A sentence. */
  reason: string;
  /** Whole days since the newest archive was made that is known to be good: whole, complete and verified; absent when there is none. */
  daysSinceVerified?: number;
  /** What the newest archive of everything lacks, by name; absent when it is complete. */
  lacks?: ArchiveLacks;
  /** The newest archive holds far less than an earlier one. */
  smaller?: SmallerBackup;
  /** When a backup is decided on next and why then; no time when it waits for something without one. */
  nextRun: { atMs?: number; reason: string };
};

export type HealthFacts = {
  memory: PolicyMemory;
  decision: BackupDecision;
  /** Newest first. */
  archives: readonly ArchiveEntry[];
  inboxId: string;
  /** The network of this client, as `networkName` names it. @default not known: archives of every network count */
  network?: string;
  storage?: { usedBytes: number; totalBytes: number };
  /** The newest archive holds far less than an earlier one. */
  smaller?: SmallerBackup;
  /** This installation is known to be in its inbox no more. @default false */
  isRevoked?: boolean;
  /** Absent when the key store could not be asked. */
  keys?: KeysSeen;
};

/** How many scheduled times may pass without a new archive before that is worth a warning, and how much time at least. */
const toleratedTimes = 3;
const toleratedMs = 2 * dayMs;

/** Judges the state of the backups from the newest archive that was verified, the failures and the schedule. */
export function assessHealth(policy: FullPolicy, calendar: Calendar, facts: HealthFacts, moment: Moment): Health {
  const { memory, decision, archives } = facts;
  const verifiedMs = newestWholeMs(archives, facts, moment.nowMs, memory.damage?.id);
  const lacks = newestOfAll(archives, facts)?.lacks;
  return {
    ...judge(policy, calendar, facts, verifiedMs, moment),
    ...(facts.smaller && { smaller: facts.smaller }),
    ...(verifiedMs !== undefined && { daysSinceVerified: Math.floor((moment.nowMs - verifiedMs) / dayMs) }),
    ...(lacks && { lacks }),
    nextRun: nextRunOf(decision, memory, moment.nowMs),
  };
}

function judge(
  policy: FullPolicy,
  calendar: Calendar,
  { memory: { failure, installedAtMs, damage }, storage, smaller, isRevoked = false, keys, archives, ...owner }: HealthFacts,
  verifiedMs: number | undefined,
  moment: Moment,
): Pick<Health, "level" | "reason"> {
  const { failingDays, staleDays, storageUsed } = { ...defaultReminders, ...(policy.reminders || {}) };
  if (isRevoked) return { level: "failing", reason: "Another device has removed this installation from the inbox: its backups miss what comes from now on." };
  if (keys && lacksKey(keys, archives)) {
    return { level: "failing", reason: "No backup is made: this device has no key, and the archives in this place have one. Open the key ring or add their key." };
  }
  if (failure?.isPermanent) return { level: "failing", reason: "The last backup failed, and only the user can change that." };
  if (failure && failure.days >= (failingDays || defaultReminders.failingDays)) {
    return { level: "failing", reason: `Backups have failed on ${failure.days} days in a row.` };
  }
  if (failure) return { level: "warning", reason: "The last backup failed; it is tried again." };
  if (damage) return { level: "warning", reason: `A stored archive can't be read back (${damage.code}).` };
  if (smaller) return { level: "warning", reason: smallerReason(smaller) };
  if (keys && keys.unusable > 0) return { level: "warning", reason: `The key store holds ${keys.unusable} keys that can't be used; they are left out.` };
  const newest = newestOfAll(archives, owner);
  if (newest && !isComplete(newest)) return { level: "warning", reason: describeLacks(newest) };
  const sinceMs = verifiedMs ?? installedAtMs;
  const partial = verifiedMs === undefined || isOverdue(calendar, sinceMs, moment) ? newerPartial(archives, owner, sinceMs, moment.nowMs) : undefined;
  if (partial !== undefined) return { level: "warning", reason: `The newest archive is no whole one: ${partial}.` };
  if (isOverdue(calendar, sinceMs, moment)) {
    return { level: "warning", reason: `More than ${toleratedTimes - 1} backups of the schedule were missed.` };
  }
  if (verifiedMs === undefined) return { level: "warning", reason: "There is no verified archive yet." };
  if (policy.frequency === "never" && moment.nowMs - sinceMs >= (staleDays || defaultReminders.staleDays) * dayMs) {
    return { level: "warning", reason: "The newest verified archive is old, and backups are made by hand only." };
  }
  if (storage && storage.totalBytes > 0 && storage.usedBytes / storage.totalBytes >= (storageUsed || defaultReminders.storageUsed)) {
    return { level: "warning", reason: "The place for archives is nearly full." };
  }
  return { level: "ok", reason: "There is a recent archive that was verified." };
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

type Owner = Pick<HealthFacts, "inboxId" | "network">;

function isOwn(details: ArchiveDetails | undefined, { inboxId, network }: Owner): details is ArchiveDetails {
  return details?.inboxId === inboxId && isSameNetwork(details.network, network);
}

function newestWholeMs(archives: readonly ArchiveEntry[], owner: Owner, nowMs: number, damagedId: ArchiveId | undefined): number | undefined {
  const isGood = ({ id, createdAtMs, details }: ArchiveEntry) =>
    createdAtMs <= nowMs && isOwn(details, owner) && whyNotWhole(details, id === damagedId) === undefined;
  return archives.find(isGood)?.createdAtMs;
}

/** What the newest archive of everything holds, whichever installation made it. */
function newestOfAll(archives: readonly ArchiveEntry[], owner: Owner): ArchiveEntry["details"] {
  return archives.find(({ details }) => isOwn(details, owner) && isWhole(details))?.details;
}

/** Why the newest archive that is no whole one is none, if it was made since then. */
function newerPartial(archives: readonly ArchiveEntry[], owner: Owner, sinceMs: number, nowMs: number): string | undefined {
  const newest = archives.find(({ createdAtMs, details }) => createdAtMs <= nowMs && createdAtMs > sinceMs && isOwn(details, owner));
  return newest?.details && whyNotWhole(newest.details);
}

function nextRunOf(decision: BackupDecision, { failure }: PolicyMemory, nowMs: number): Health["nextRun"] {
  const { reason } = decision;
  if (decision.action === "backup") return { atMs: nowMs, reason };
  if (decision.action === "ask") return { reason: failure?.code === undefined ? reason : `${reason} (${failure.code})` };
  return { reason, ...(decision.untilMs !== undefined && { atMs: decision.untilMs }) };
}
