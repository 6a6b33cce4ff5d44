import type { Observable } from "rxjs";
import type { TaskState } from "./taskState.ts";

/**
 * Running work, and a promise of what it yields: `await` gives the output, and everything else is what the task does meanwhile.
 *
 * Nobody needs to watch it: unsubscribing never cancels. A failure that nobody awaits and nobody watches goes to the `logger`, and is
 * no unhandled rejection. An async function that returns a task waits for its end, as with every promise. To hand the task on while it
 * runs, return it from a plain function, or inside an object.
 *
 * @example
 * ```ts
 * import type { Backups } from "@xmtp-backup/core";
 *
 * async function backUp(backups: Backups) {
 *   const task = backups.backup();
 *   task.subscribe(() => console.log(task.getState().status));
 *   const { entry } = await task;
 *   return entry;
 * }
 * ```
 */
export type Task<TState extends TaskState<string, unknown, unknown>, TOutput> = Promise<TOutput> & {
  readonly id: string;
  /** The current state first, then every change; never errors, completes when the task has ended. */
  readonly state$: Observable<TState>;
  /** The current state: the same object until it changes. */
  getState(): TState;
  /** Calls `listener` at every change until the returned function is called. */
  subscribe(listener: () => void): () => void;
  /**
   * The output, as a promise of its own; rejects with a `BackupError` when the task failed, with an `AbortError` when it was cancelled.
   * To await the task itself is the same.
   */
  readonly result: Promise<TOutput>;
  /** Asks the task to stop; one that is past the point of no return goes on. Resolves when it has ended. */
  cancel(): Promise<void>;
};
