import { type Observable, ReplaySubject } from "rxjs";
import type { TaskState } from "../model/task.ts";
import type { ArchivePreview, RestoreResult } from "../model/restore.ts";
import type { BackupOutput } from "../machines/backupMachine.ts";
import type { BackupStage, RestoreStage } from "../model/task.ts";

/**
 * Running work: what it is doing now, what it yields, and a way to stop it.
 *
 * Nobody needs to watch it: unsubscribing never cancels, and a `result` that nobody awaits is no unhandled rejection.
 */
export type Task<TState extends TaskState<string, unknown, unknown>, TOutput> = {
  readonly id: string;
  /** The current state first, then every change; never errors, completes when the task has ended. */
  readonly state$: Observable<TState>;
  /** The current state: the same object until it changes. */
  getState(): TState;
  /** Calls `listener` at every change until the returned function is called. */
  subscribe(listener: () => void): () => void;
  /** The output; rejects with a `BackupError` when the task failed, with an `AbortError` when it was cancelled. */
  readonly result: Promise<TOutput>;
  /** Asks the task to stop; one that is past the point of no return goes on. Resolves when it has ended. */
  cancel(): Promise<void>;
};

export type BackupState = TaskState<BackupStage, BackupOutput>;
export type RestoreState = TaskState<RestoreStage, RestoreResult, ArchivePreview>;

export type BackupTask = Task<BackupState, BackupOutput>;
export type RestoreTask = Task<RestoreState, RestoreResult> & {
  /** Goes on after `awaitingConfirmation`; does nothing in any other state. */
  confirm(): void;
};

/** The one holder of a task's state, which its creator writes and everybody reads. */
export type StateCell<TState> = {
  readonly state$: Observable<TState>;
  getState(): TState;
  subscribe(listener: () => void): () => void;
  set(state: TState): void;
  end(): void;
};

export function createStateCell<TState>(initial: TState): StateCell<TState> {
  const states = new ReplaySubject<TState>(1);
  let current = initial;
  states.next(initial);
  return {
    state$: states.asObservable(),
    getState: () => current,
    subscribe(listener) {
      let isFirst = true;
      const subscription = states.subscribe(() => (isFirst ? undefined : listener()));
      isFirst = false;
      return () => subscription.unsubscribe();
    },
    set(state) {
      current = state;
      states.next(state);
    },
    end: () => states.complete(),
  };
}
