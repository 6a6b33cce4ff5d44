import { cancelledReason } from "../errors/abort.ts";
import { BackupError, toBackupError } from "../errors/backupError.ts";
import { indeterminate, type Progress } from "../model/progress.ts";
import type { TaskState } from "../model/task.ts";
import { createStateCell, type Task } from "./task.ts";

type AnyTaskState = TaskState<string, unknown, unknown>;

/** What a task reads of a machine's snapshot. */
type WorkSnapshot = {
  value: unknown;
  output?: unknown;
  context: { progress: Progress; error?: Error; preview?: unknown };
  hasTag(tag: "cancellable"): boolean;
};

type WorkActor = {
  start(): unknown;
  getSnapshot(): WorkSnapshot;
  subscribe(observer: { next(snapshot: WorkSnapshot): void; error(error: unknown): void; complete(): void }): unknown;
};

/** Starts a machine's actor and shows it as a task. */
export function startTask<TStage extends string, TOutput, TPreview>(
  id: string,
  actor: WorkActor,
  cancel: () => void,
): Task<TaskState<TStage, TOutput, TPreview>, TOutput> {
  type State = TaskState<TStage, TOutput, TPreview>;
  const cell = createStateCell<State>(toTaskState(actor.getSnapshot()));
  const result = new Promise<TOutput>((resolve, reject) => {
    actor.subscribe({
      next: (snapshot) => {
        const state: State = toTaskState(snapshot);
        if (!isSameState(state, cell.getState())) cell.set(state);
        if (state.status === "succeeded") resolve(state.output);
        if (state.status === "failed") reject(state.error);
        if (state.status === "cancelled") reject(cancelledReason());
      },
      error: (error: unknown) => {
        const failure = toBackupError(error, "HOST_FAILED", "The task ended in an unexpected way.");
        cell.set({ status: "failed", error: failure });
        cell.end();
        reject(failure);
      },
      complete: () => cell.end(),
    });
  });
  result.catch(() => undefined);
  actor.start();
  return {
    id,
    state$: cell.state$,
    getState: cell.getState,
    subscribe: cell.subscribe,
    result,
    async cancel() {
      cancel();
      await result.catch(() => undefined);
    },
  };
}

function toTaskState<TStage extends string, TOutput, TPreview>(snapshot: WorkSnapshot): TaskState<TStage, TOutput, TPreview> {
  const { value, context, output } = snapshot;
  switch (value) {
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
        stage: value as TStage,
        progress: context.progress,
        cancellable: snapshot.hasTag("cancellable"),
      };
  }
}

function isSameState(a: AnyTaskState, b: AnyTaskState): boolean {
  if (a.status !== b.status) return false;
  if (a.status !== "running" || b.status !== "running") return true;
  return a.stage === b.stage && a.progress === b.progress && a.cancellable === b.cancellable;
}
