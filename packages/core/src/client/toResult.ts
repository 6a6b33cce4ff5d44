import { randomPart } from "../actors/randomPart.ts";
import { isBackupError } from "../errors/backupError.ts";
import type { PolicyBackupResult } from "../machines/backupPolicyMachine.ts";
import type { BackupTask } from "./task.ts";

/**
 * Whether a call was refused, so that no backup ran and none has failed: another task runs, or its options are wrong.
 *
 * The policy passes no wrong options. When its backup fails with that code, something else is wrong, and it counts as a failure.
 */
export function isRefusal(error: unknown, isByPolicy: boolean): boolean {
  return isBackupError(error) && (error.code === "TASK_IN_PROGRESS" || (error.code === "OPTIONS_INVALID" && !isByPolicy));
}

/** How a task has ended, as the policy wants to know it. */
export async function toResult(task: BackupTask, now: () => number, isByPolicy: boolean): Promise<PolicyBackupResult> {
  try {
    await task.result;
    return { status: "succeeded" };
  } catch (error) {
    if (task.getState().status === "cancelled") return { status: "cancelled", atMs: now() };
    if (isRefusal(error, isByPolicy)) return { status: "refused" };
    const code = isBackupError(error) ? error.code : undefined;
    return { status: "failed", atMs: now(), random: randomPart(), ...(code !== undefined && { code }) };
  }
}
