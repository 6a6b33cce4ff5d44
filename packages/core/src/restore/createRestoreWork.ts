import { createActor } from "xstate";
import type { TellBrought } from "../imported/createBringing.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { assertRestoreOptions, type RestoreOptions, type RestoreSource } from "./restoreOptions.ts";
import { failureEvent } from "../logging/failureEvent.ts";
import { createRestoreRun } from "./createRestoreRun.ts";
import { createTaskSession, type Stage } from "../tasks/createTaskSession.ts";
import { toSource } from "./toSource.ts";
import { fromTask } from "../tasks/fromTask.ts";
import { restoreMachine } from "./restoreMachine.ts";
import type { ImportedHistory } from "../imported/importedHistory.ts";
import { actorOptions } from "../tasks/actorOptions.ts";
import type { Activation } from "../activation/createActivation.ts";
import type { Work } from "../tasks/startTask.ts";

/** Tracks what a restore brings until it is active, whether the restore succeeds, fails, is cancelled or killed. */
export type Track = Pick<Activation, "expect" | "track" | "find">;

/** A restore as it is asked for. */
export type RestoreRequest = {
  taskId: string;
  startedAtMs: number;
  source: RestoreSource;
  options: RestoreOptions;
  /** Another task runs in this process. */
  isBusy: boolean;
};

/**
 * The restore machine over the world.
 *
 * @throws OPTIONS_INVALID when the source is no archive, or an option is wrong
 */
export function createRestoreWork(
  dependencies: Dependencies,
  { taskId, startedAtMs, source, options, isBusy }: RestoreRequest,
  track: Track,
  tell: TellBrought,
): Work & { confirm(): void } {
  assertRestoreOptions(options);
  const known = toSource(source);
  const task = { kind: "restore", taskId, startedAtMs, ...(known.id !== undefined && { archiveId: known.id }) } as const;
  const session = createTaskSession(dependencies, task, isBusy);
  const run = createRestoreRun(dependencies, session, known, options, { tell, expect: (brought) => track.expect(brought) });
  let history: ImportedHistory = { endMs: 0, conversations: [] };
  const actor = createActor(
    restoreMachine.provide({
      actors: {
        prepare: asTask(run.prepare),
        fetchArchive: asTask(run.fetchArchive),
        verifyArchive: asTask(async (tools) => {
          const { preview, history: brought } = await run.verifyArchive(tools);
          history = brought;
          return preview;
        }),
        importArchive: asTask(async (tools) => {
          try {
            await run.importArchive(tools);
          } catch (error) {
            await track
              .find(history)
              .catch((failure: unknown) => dependencies.log("warn", failureEvent("tracking.failed", failure, { taskId })));
            throw error;
          }
        }),
        checkConversations: asTask(async (tools) => {
          const { result, listed } = await run.checkConversations(tools);
          await track.track(history, listed);
          return result;
        }),
        clean: asTask(run.clean),
      },
    }),
    { input: { confirm: options.confirm ?? false }, ...actorOptions(dependencies) },
  );
  return { actor, cancel: () => actor.send({ type: "restore.cancel" }), confirm: () => actor.send({ type: "restore.confirm" }) };
}

function asTask<TOutput>(stage: Stage<TOutput>) {
  return fromTask<TOutput, void>((_input, tools) => stage(tools));
}
