import { type BackupError, toBackupError } from "../errors/backupError.ts";
import type { BackupErrorCode } from "../errors/errorCodes.ts";
import type { InterruptedTask } from "./interruptedTask.ts";

const failures: Readonly<Record<InterruptedTask["stage"], readonly [BackupErrorCode, string]>> = {
  preparing: ["HOST_FAILED", "The task could not be prepared."],
  exporting: ["EXPORT_FAILED", "The archive could not be exported."],
  merging: ["EXPORT_FAILED", "The slices of the export could not be merged."],
  fetching: ["STORE_FAILED", "The archive could not be fetched."],
  verifying: ["HOST_FAILED", "The archive could not be verified."],
  storing: ["STORE_FAILED", "The archive could not be stored."],
  confirming: ["STORE_FAILED", "The stored archive could not be read back."],
  listing: ["STORE_FAILED", "The manifest could not be stored."],
  pruning: ["STORE_FAILED", "Old archives could not be removed."],
  importing: ["IMPORT_FAILED", "The archive could not be imported."],
  checking: ["HOST_FAILED", "The restored messages could not be checked."],
  cleaning: ["HOST_FAILED", "The task could not be cleaned up."],
};

/** What an error of an adapter means for the stage in which it came; one of ours stays as it is. */
export function toStageError(error: unknown, stage: InterruptedTask["stage"]): BackupError {
  const [code, shortMessage] = failures[stage];
  return toBackupError(error, code, shortMessage);
}
