import { randomPart } from "../actors/randomPart.ts";
import { isBackupError } from "../errors/backupError.ts";
import type { PolicyBackupResult } from "../machines/backupPolicyMachine.ts";
import type { BackupTask } from "./task.ts";

/** How a task has ended, as the policy wants to know it. */
export async function toResult(task: BackupTask, now: () => number): Promise<PolicyBackupResult> {
  try {
    await task.result;
    return { status: "succeeded" };
  } catch (error) {
    if (task.getState().status === "cancelled") return { status: "cancelled", atMs: now() };
    const code = isBackupError(error) ? error.code : undefined;
    if (code === "TASK_IN_PROGRESS") return { status: "refused" };
    return { status: "failed", atMs: now(), random: randomPart(), ...(code !== undefined && { code }) };
  }
}
