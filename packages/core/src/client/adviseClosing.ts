import type { ClosingAdvice } from "../model/interruption.ts";
import type { BackupTask, RestoreTask } from "./task.ts";

export type RunningTask = { kind: "backup"; task: BackupTask } | { kind: "restore"; task: RestoreTask };

/** What would be stopped if the app closed now. */
export function adviseClosing(running: RunningTask | undefined): ClosingAdvice {
  const state = running?.task.getState();
  if (!running || !state || state.status === "succeeded" || state.status === "failed" || state.status === "cancelled") return { safe: true };
  const stage = state.status === "running" ? state.stage : undefined;
  if (stage === "cleaning" || stage === "pruning") return { safe: true };
  if (running.kind === "backup") return { safe: false, losing: "backup" };
  return { safe: false, losing: "restore", hasBegun: stage === "importing" || stage === "checking" };
}
