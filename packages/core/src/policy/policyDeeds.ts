import type { BackupState } from "../backup/backupTask.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import type { AutomaticTrigger } from "./rules/nextRunReason.ts";

/** What the policy may do; a backup that it begins is a task like any other. */
export type PolicyDeeds = {
  /** Resolves to the state in which the backup has ended. */
  backUp(trigger: AutomaticTrigger): Promise<BackupState>;
  verify(id: ArchiveId, signal: AbortSignal): Promise<unknown>;
};
