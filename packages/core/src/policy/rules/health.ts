import type { PartialReason } from "../../retention/rules/partialReason.ts";
import type { ArchiveLacks } from "../../archives/archiveEntry.ts";
import type { ArchiveId } from "../../ports/archiveId.ts";
import type { NextRun } from "./nextRunReason.ts";
import type { SmallerBackup } from "../../retention/rules/smallerBackup.ts";

/** How well the user's history is protected, and the most important reason why; `describeHealth` says it in words. */
export type HealthReason =
  /** Another device has removed this installation from the inbox. */
  | { level: "failing"; reason: "revoked" }
  /** This device has no key, and the archives in its place have one. */
  | { level: "failing"; reason: "keyMissing" }
  /** The last backup failed, and only the user can change that; with the code of the failure. */
  | { level: "failing"; reason: "userNeeded"; code?: string }
  /** Backups have failed on so many days in a row. */
  | { level: "failing"; reason: "failingDays"; days: number; code?: string }
  /** So many backups in a row have failed; another try follows. */
  | { level: "warning"; reason: "lastFailed"; failures: number; code?: string }
  /** A stored archive can't be read back. */
  | { level: "warning"; reason: "damaged"; archiveId: ArchiveId; code: string }
  /** The newest archive holds far less than an earlier one. */
  | { level: "warning"; reason: "smaller"; smaller: SmallerBackup }
  /** The key store can't be read, so nothing is known of the archives. */
  | { level: "warning"; reason: "keysUnread" }
  /** The place for archives can't be read, so nobody knows what it holds. */
  | { level: "warning"; reason: "storeUnread" }
  /** So many keys of the key store can't be used. */
  | { level: "warning"; reason: "unusableKeys"; keys: number }
  /** The newest archive lacks something of what it was asked to hold. */
  | { level: "warning"; reason: "incomplete"; missingMessages?: number; lacks?: ArchiveLacks }
  /** The newest archive is no whole one. */
  | { level: "warning"; reason: "partial"; why: PartialReason }
  /** So many times of the schedule have passed without a new archive. */
  | { level: "warning"; reason: "missed"; times: number }
  /** This installation has no archive yet, and its first backup is due. */
  | { level: "warning"; reason: "firstDue" }
  /** The archives of this installation are gone, and a new backup is due. */
  | { level: "warning"; reason: "lost" }
  /** There is no verified archive. */
  | { level: "warning"; reason: "noArchive" }
  /** The newest verified archive is so many days old, and backups are made by hand. */
  | { level: "warning"; reason: "old"; days: number }
  /** So many hundredths of the place for archives are used. */
  | { level: "warning"; reason: "storageNearlyFull"; percent: number }
  /** There is a recent archive that was verified. */
  | { level: "ok"; reason: "protected" };

/** How well the user's history is protected, and when the next backup comes. */
export type Health = HealthReason & {
  /** Whole days since the newest archive was made that is whole, complete and verified; of this installation where it has one, else of the inbox. */
  daysSinceVerified?: number;
  /** What the newest archive of everything lacks, by name; absent when it is complete. */
  lacks?: ArchiveLacks;
  /** The newest archive holds far less than an earlier one. */
  smaller?: SmallerBackup;
  nextRun: NextRun;
};
