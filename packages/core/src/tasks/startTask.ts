import type { StateValue } from "xstate";
import { BackupError, toBackupError } from "../errors/backupError.ts";
import { indeterminate, type Progress } from "./progress.ts";
import type { TaskState } from "./taskState.ts";
import { createTask } from "./createTask.ts";
import type { Task } from "./task.ts";

type AnyTaskState = TaskState<string, unknown, unknown>;

/** What a task reads of a machine's snapshot. */
type WorkSnapshot = {
  value: StateValue;
  output?: unknown;
  context: { progress: Progress; error?: Error; preview?: unknown };
  hasTag(tag: "cancellable"): boolean;
};

type WorkActor = {
  start(): unknown;
  subscribe(observer: { next(snapshot: WorkSnapshot): void; error(error: unknown): void }): unknown;
};

/** The actor that does a task's work, not started yet. */
export type Work = { actor: WorkActor; cancel(): void };

/** A task, which is there at once; the machine that does its work is loaded while it prepares. */
export function startTask<TStage extends string, TOutput, TPreview>(
  id: string,
  load: () => Promise<Work>,
): Task<TaskState<TStage, TOutput, TPreview>, TOutput> {
  type State = TaskState<TStage, TOutput, TPreview>;
  let work: Work | undefined;
  const preparing: State = { status: "running", stage: "preparing" as TStage, progress: indeterminate, cancellable: true };
  const { task, show } = createTask<State, TOutput>(id, preparing, cancel);

  function cancel(): void {
    if (work) work.cancel();
    else show({ status: "cancelled" });
  }

  function showNew(state: State): void {
    if (!isSameState(state, task.getState())) show(state);
  }

  function fail(error: unknown): void {
    show({ status: "failed", error: toBackupError(error, "HOST_FAILED", "The task ended in an unexpected way.") });
  }

  function begin(loaded: Work): void {
    work = loaded;
    work.actor.subscribe({ next: (snapshot) => showNew(toTaskState(snapshot)), error: fail });
    work.actor.start();
  }

  load().then((loaded) => (task.getState().status === "running" ? begin(loaded) : undefined), fail);
  return task;
}

function toTaskState<TStage extends string, TOutput, TPreview>(snapshot: WorkSnapshot): TaskState<TStage, TOutput, TPreview> {
  const { value, context, output } = snapshot;
  const state = innermost(value);
  switch (state) {
    case "succeeded":
      return { status: "succeeded", output: output as TOutput };
    case "failed":
      return { status: "failed", error: context.error ?? new BackupError("HOST_FAILED", "The task failed.") };
    case "cancelled":
      return { status: "cancelled" };
    case "awaitingConfirmation":
      return { status: "awaitingConfirmation", preview: context.preview as TPreview };
    case "discarding":
      return { status: "running", stage: "cleaning" as TStage, progress: indeterminate, cancellable: false };
    default:
      return {
        status: "running",
        stage: state as TStage,
        progress: context.progress,
        cancellable: snapshot.hasTag("cancellable"),
      };
  }
}

/** The state that a value names within those around it: `exporting` of `{ making: "exporting" }`. */
function innermost(value: StateValue | undefined): string | undefined {
  return typeof value === "object" ? innermost(Object.values(value)[0]) : value;
}

function isSameState(a: AnyTaskState, b: AnyTaskState): boolean {
  if (a.status !== b.status) return false;
  if (a.status !== "running" || b.status !== "running") return true;
  return a.stage === b.stage && a.progress === b.progress && a.cancellable === b.cancellable;
}
