import type { ArchiveLacks } from "./archives/archiveEntry.ts";
import type { ArchiveId } from "./ports/archiveId.ts";
import type { NextRun } from "./policy/rules/nextRunReason.ts";
import type { HealthReason } from "./policy/rules/health.ts";
import type { InterruptedTask } from "./tasks/interruptedTask.ts";
import type { SmallerBackup } from "./retention/rules/smallerBackup.ts";

/** Where the backups of this client stand; what only the running policy knows is absent until `start`. Times in milliseconds since 1970. */
export type BackupStatus = {
  /** Whether the policy has started: false before `start` and after `stop`, when nothing runs automatically. Absent in a tab that has not heard yet. */
  isStarted?: boolean;
  /** What runs now, if anything. */
  running?: "backup" | "restore";
  /** When the last backup that succeeded began. */
  lastSuccess?: { atMs: number; archiveId?: ArchiveId };
  /** The last failure since then; with the error itself if it was in this process. */
  lastFailure?: { atMs: number; code?: string; error?: Error };
  /** When a backup is decided on next, and why then; `describeNextRun` says it in words. */
  nextRun?: NextRun;
  /** Messages since the last backup that succeeded. */
  messagesSince?: number;
  /** Whole days since the newest archive was made that is known to be good. */
  daysSinceVerified?: number;
  /** How many keys of the key store can't be used and are left out; absent when there is none. */
  unusableKeys?: number;
  /** How well the user's history is protected, why, and what the newest archive lacks, if anything; `describeHealth` says it in words. */
  health?: HealthReason & { lacks?: ArchiveLacks };
  /** The newest archive holds far less than an earlier one: restore that, or confirm with `acceptSmaller` that it is right. */
  smaller?: SmallerBackup;
  /** What an earlier process left unfinished; it was cleaned up at the start. */
  interrupted?: InterruptedTask;
};
