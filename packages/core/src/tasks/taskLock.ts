import { BackupError } from "../errors/backupError.ts";

/** The lock that a task holds: one at a time for each inbox. */
export function lockName(inboxId: string): string {
  return `inbox-${inboxId}`;
}

export function inProgress(): BackupError {
  return new BackupError("TASK_IN_PROGRESS", "A backup or restore of this inbox is already running.");
}
