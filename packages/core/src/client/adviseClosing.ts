import type { ClosingAdvice } from "../model/interruption.ts";
import type { BackupTask, RestoreTask } from "./task.ts";

export type RunningTask = { kind: "backup"; task: BackupTask } | { kind: "restore"; task: RestoreTask };

/** What would be lost if the app closed now, in a sentence for the user. */
export function adviseClosing(running: RunningTask | undefined): ClosingAdvice {
  const state = running?.task.getState();
  if (!running || !state || state.status === "succeeded" || state.status === "failed" || state.status === "cancelled") return { safe: true };
  const stage = state.status === "running" ? state.stage : undefined;
  if (stage === "cleaning" || stage === "pruning") return { safe: true };
  if (running.kind === "restore") {
    const message =
      stage === "importing" || stage === "checking"
        ? "A restore is running. Closing now stops it; what was restored so far stays, and restoring again adds the rest."
        : "A restore is about to begin. Closing now cancels it; nothing was changed yet.";
    return { safe: false, losing: "restore", message };
  }
  return { safe: false, losing: "backup", message: "A backup is running. Closing now cancels it; your earlier backups are safe." };
}
