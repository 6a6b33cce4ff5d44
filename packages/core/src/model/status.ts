import type { ArchiveId } from "./archiveEntry.ts";
import type { InterruptedTask } from "./interruption.ts";

/** Where the backups of this client stand. */
export type BackupStatus = {
  /** What runs now, if anything. */
  running?: "backup" | "restore";
  lastSuccess?: { archiveId: ArchiveId; atMs: number };
  lastFailure?: { error: Error; atMs: number };
  /** What an earlier process left unfinished; it was cleaned up at the start. */
  interrupted?: InterruptedTask;
};
