import type { ClosingAdvice } from "./tasks/closingAdvice.ts";
import type { RestoreTask } from "./restore/restoreTask.ts";
import type { BackupTask } from "./backup/backupTask.ts";

export type RunningTask = { kind: "backup"; task: BackupTask } | { kind: "restore"; task: RestoreTask };

/** What would be stopped if the app closed now. */
export function adviseClosing(running: RunningTask | undefined): ClosingAdvice {
  if (!running || isOver(running.task)) return { safe: true };
  const stage = stageOf(running.task);
  if (stage === "cleaning" || stage === "pruning") return { safe: true };
  if (running.kind === "backup") return { safe: false, losing: "backup" };
  return { safe: false, losing: "restore", hasBegun: isImporting(stage) };
}

export function isOver(task: BackupTask | RestoreTask): boolean {
  const { status } = task.getState();
  return status === "succeeded" || status === "failed" || status === "cancelled";
}

/** Whether a restore is adding messages to the client now. */
export function hasBegunToImport(task: RestoreTask): boolean {
  return isImporting(stageOf(task));
}

/** Whether a restore that ends in this stage leaves a part of the history in the client. */
export function isImporting(stage: string | undefined): boolean {
  return stage === "importing" || stage === "checking";
}

function stageOf(task: BackupTask | RestoreTask): string | undefined {
  const state = task.getState();
  return state.status === "running" ? state.stage : undefined;
}
