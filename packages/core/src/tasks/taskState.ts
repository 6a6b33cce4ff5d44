import type { Progress } from "./progress.ts";

/**
 * What a running piece of work is doing, as an app shows it.
 *
 * @typeParam TStage - the names of its stages
 * @typeParam TOutput - what it yields when it succeeds
 * @typeParam TPreview - what it shows while it waits for the user's word; `never` when it does not ask
 */
export type TaskState<TStage extends string = string, TOutput = unknown, TPreview = never> =
  | { status: "running"; stage: TStage; progress: Progress; cancellable: boolean }
  | { status: "awaitingConfirmation"; preview: TPreview }
  | { status: "succeeded"; output: TOutput }
  | { status: "failed"; error: Error }
  | { status: "cancelled" };
