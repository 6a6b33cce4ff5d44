import type { Dependencies } from "../ports/dependencies.ts";
import type { LogEvent } from "../ports/logger.ts";
import { watchTask } from "./createTask.ts";
import { failureEvent } from "../logging/failureEvent.ts";
import type { BackupState, BackupTask, RestoreState, RestoreTask } from "./task.ts";

type LoggedTask = { kind: "backup"; task: BackupTask } | { kind: "restore"; task: RestoreTask };

/** Names what is logged of a task, and who began it: of one that the policy began, a failure is always worth a warning. */
export type TaskFacts = Pick<LogEvent, "archiveId" | "trigger"> & { isAutomatic?: boolean };

/** Logs how a task begins and ends; a failure that nobody awaits or watches is a warning. */
export function logTask({ log, clock }: Pick<Dependencies, "log" | "clock">, { kind, task }: LoggedTask, { isAutomatic = false, ...ids }: TaskFacts): void {
  const startedAtMs = clock.now();
  const facts = { taskId: task.id, ...ids };
  const watched = watchTask<BackupState | RestoreState>(task);
  let stage = "preparing";
  watched.state$.subscribe((state) => {
    // What failed or was cancelled is cleaned up afterwards.
    if (state.status === "running" && state.stage !== "cleaning") ({ stage } = state);
  });
  log("info", { event: `${kind}.started`, ...facts });

  void watched.ended.then(async ({ state, isHeard, isHeardElsewhere }) => {
    const ended = { ...facts, durationMs: Math.max(0, clock.now() - startedAtMs) };
    if (state.status === "succeeded") {
      log("info", { event: `${kind}.succeeded`, ...ended, ...countsOf(state) });
      logPruned(log, facts.taskId, state);
    } else if (state.status === "failed") {
      const failed = failureEvent(`${kind}.failed`, state.error, { ...ended, stage });
      const isExpected = isAutomatic ? failed.code === "TASK_IN_PROGRESS" : isHeard || (await isHeardElsewhere) === true;
      log(isExpected ? "info" : "warn", failed);
    } else log("info", { event: `${kind}.cancelled`, ...ended, stage });
  });
}

type Succeeded = Extract<BackupState | RestoreState, { status: "succeeded" }>;

function countsOf({ output }: Succeeded): Partial<LogEvent> {
  if (!("entry" in output)) return { messages: output.messages.restored, conversations: output.conversations.restored };
  const { sizeBytes, details } = output.entry;
  return { sizeBytes, ...(details && { messages: details.counts.messages }) };
}

function logPruned(log: Dependencies["log"], taskId: string, { output }: Succeeded): void {
  if (!("entry" in output)) return;
  const { prunedIds, pruneError } = output;
  if (prunedIds.length > 0) log("info", { event: "archives.pruned", taskId, archiveIds: prunedIds });
  if (pruneError) log("warn", failureEvent("archives.unpruned", pruneError, { taskId }));
}
