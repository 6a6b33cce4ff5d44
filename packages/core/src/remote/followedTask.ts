import { cancelledReason } from "../errors/abort.ts";
import { createStateCell, type Task } from "../client/task.ts";
import type { TaskState } from "../model/task.ts";

/** A task that runs elsewhere, whose states are told. */
export type FollowedTask<TState extends TaskState<string, unknown, unknown>, TOutput> = {
  readonly task: Task<TState, TOutput>;
  /** Shows a state; after one in which the task has ended, nothing more. */
  show(state: TState): void;
};

export function createFollowedTask<TState extends TaskState<string, TOutput, unknown>, TOutput>(
  id: string,
  first: TState,
  cancel: () => Promise<unknown>,
): FollowedTask<TState, TOutput> {
  const cell = createStateCell(first);
  let isOver = false;
  let resolve: (output: TOutput) => void;
  let reject: (error: unknown) => void;
  const result = new Promise<TOutput>((...settle) => ([resolve, reject] = settle));
  result.catch(() => undefined);

  function show(state: TState): void {
    if (isOver) return;
    cell.set(state);
    if (state.status === "running" || state.status === "awaitingConfirmation") return;
    isOver = true;
    cell.end();
    if (state.status === "succeeded") resolve(state.output);
    else reject(state.status === "failed" ? state.error : cancelledReason());
  }

  return {
    task: {
      id,
      state$: cell.state$,
      getState: cell.getState,
      subscribe: cell.subscribe,
      result,
      async cancel() {
        if (isOver) return;
        try {
          await cancel();
        } catch (error) {
          if (!isOver) throw error;
        }
        await result.catch(() => undefined);
      },
    },
    show,
  };
}
