import type { ActorLogic, Snapshot } from "xstate";
import { cancelledReason } from "../errors/cancelledReason.ts";
import { indeterminate, type Progress } from "./progress.ts";

export type TaskTools = {
  /** Aborts when the machine leaves the state that runs this task. */
  signal: AbortSignal;
  report(progress: Progress): void;
};

export type TaskFunction<TOutput, TInput> = (input: TInput, tools: TaskTools) => Promise<TOutput>;

export type TaskSnapshot<TOutput, TInput> = Snapshot<TOutput> & { progress: Progress; input: TInput };

type TaskEvent<TOutput> =
  | { type: "task.progressed"; progress: Progress }
  | { type: "task.resolved"; output: TOutput }
  | { type: "task.rejected"; error: unknown }
  | { type: "xstate.stop" };

export type TaskLogic<TOutput, TInput> = ActorLogic<TaskSnapshot<TOutput, TInput>, TaskEvent<TOutput>, TInput>;

/**
 * Turns an asynchronous function into actor logic whose snapshot carries its progress.
 *
 * XState's own `fromPromise` tells a parent nothing until it ends, and `fromObservable` yields no output.
 */
export function fromTask<TOutput, TInput>(run: TaskFunction<TOutput, TInput>): TaskLogic<TOutput, TInput> {
  const controllers = new WeakMap<object, AbortController>();
  return {
    config: run,
    getInitialSnapshot: (_scope, input) => ({
      status: "active",
      output: undefined,
      error: undefined,
      progress: indeterminate,
      input,
    }),
    start(snapshot, { self }) {
      if (snapshot.status !== "active") return;
      const controller = new AbortController();
      controllers.set(self, controller);
      const tell = (event: TaskEvent<TOutput>) => {
        if (self.getSnapshot().status === "active") self.send(event);
      };
      Promise.resolve()
        .then(() => run(snapshot.input, { signal: controller.signal, report: (progress) => tell({ type: "task.progressed", progress }) }))
        .then(
          (output) => tell({ type: "task.resolved", output }),
          (error: unknown) => tell({ type: "task.rejected", error }),
        );
    },
    transition(snapshot, event, { self }) {
      if (snapshot.status !== "active") return snapshot;
      switch (event.type) {
        case "task.progressed":
          return { ...snapshot, progress: event.progress };
        case "task.resolved":
          return { ...snapshot, status: "done", output: event.output };
        case "task.rejected":
          return { ...snapshot, status: "error", error: event.error };
        case "xstate.stop":
          controllers.get(self)?.abort(cancelledReason());
          return { ...snapshot, status: "stopped" };
      }
    },
    getPersistedSnapshot: (snapshot) => snapshot,
    restoreSnapshot: (snapshot) => snapshot as TaskSnapshot<TOutput, TInput>,
  };
}
