import type { Dependencies } from "../ports/dependencies.ts";
import type { LogEvent } from "../ports/logger.ts";
import { watchTask } from "./createTask.ts";
import { failureEvent } from "../logging/failureEvent.ts";
import type { Task } from "./task.ts";
import type { TaskState } from "./taskState.ts";

type AnyState<TOutput> = TaskState<string, TOutput, unknown>;

type LoggedTask<TOutput> = {
  kind: "backup" | "restore";
  task: Task<AnyState<TOutput>, TOutput>;
  /** The counts of an output that are worth a line. */
  countsOf(output: TOutput): Partial<LogEvent>;
  /** Logs what else a success brought. */
  logMore?(output: TOutput): void;
};

/** Names what is logged of a task, and who began it: of one that the policy began, a failure is always worth a warning. */
export type TaskFacts = Pick<LogEvent, "archiveId" | "trigger"> & { isAutomatic?: boolean };

/** Logs how a task begins and ends; a failure that nobody awaits or watches is a warning. */
export function logTask<TOutput>(
  { log, clock }: Pick<Dependencies, "log" | "clock">,
  { kind, task, countsOf, logMore }: LoggedTask<TOutput>,
  { isAutomatic = false, ...ids }: TaskFacts,
): void {
  const startedAtMs = clock.now();
  const facts = { taskId: task.id, ...ids };
  const watched = watchTask<AnyState<TOutput>>(task);
  let stage = "preparing";
  watched.state$.subscribe((state) => {
    // What failed or was cancelled is cleaned up afterwards.
    if (state.status === "running" && state.stage !== "cleaning") ({ stage } = state);
  });
  log("info", { event: `${kind}.started`, ...facts });

  void watched.ended.then(async ({ state, isHeard, isHeardElsewhere }) => {
    const ended = { ...facts, durationMs: Math.max(0, clock.now() - startedAtMs) };
    if (state.status === "succeeded") {
      log("info", { event: `${kind}.succeeded`, ...ended, ...countsOf(state.output) });
      logMore?.(state.output);
    } else if (state.status === "failed") {
      const failed = failureEvent(`${kind}.failed`, state.error, { ...ended, stage });
      const isExpected = isAutomatic ? failed.code === "TASK_IN_PROGRESS" : isHeard || (await isHeardElsewhere) === true;
      log(isExpected ? "info" : "warn", failed);
    } else log("info", { event: `${kind}.cancelled`, ...ended, stage });
  });
}
