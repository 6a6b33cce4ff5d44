import { randomPart } from "../time/randomPart.ts";
import { isBackupError } from "../errors/backupError.ts";
import type { PolicyBackupResult } from "./backupPolicyMachine.ts";
import type { BackupState } from "../backup/backupTask.ts";

/**
 * Whether a call was refused, so that no backup ran and none has failed: another task runs, or its options are wrong.
 *
 * The policy passes no wrong options. When its backup fails with that code, something else is wrong, and it counts as a failure.
 */
export function isRefusal(error: unknown, isByPolicy: boolean): boolean {
  return isBackupError(error) && (error.code === "TASK_IN_PROGRESS" || (error.code === "OPTIONS_INVALID" && !isByPolicy));
}

/** How a task has ended, as the policy wants to know it. */
export function toResult(state: BackupState, now: () => number, isByPolicy: boolean): PolicyBackupResult {
  if (state.status === "succeeded") return { status: "succeeded" };
  if (state.status !== "failed") return { status: "cancelled", atMs: now() };
  const { error } = state;
  if (isRefusal(error, isByPolicy)) return { status: "refused" };
  return { status: "failed", atMs: now(), random: randomPart(), ...(isBackupError(error) && { code: error.code }) };
}
