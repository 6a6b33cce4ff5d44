import { fromTask, type TaskLogic } from "./fromTask.ts";

/** Stands for an actor that whoever runs the machine must `provide`. */
export function unprovided<TOutput = void, TInput = void>(): TaskLogic<TOutput, TInput> {
  return fromTask<TOutput, TInput>(async () => {
    throw new Error("This machine's actors were not provided: call machine.provide({ actors }) before running it.");
  });
}
