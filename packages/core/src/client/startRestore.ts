import { createActor } from "xstate";
import type { Dependencies } from "../actors/dependencies.ts";
import { isEntry } from "../actors/openSource.ts";
import type { RestoreOptions, RestoreSource } from "../actors/restoreOptions.ts";
import { createTaskSession, type Stage } from "../actors/taskSession.ts";
import { fromTask } from "../machines/fromTask.ts";
import { restoreMachine } from "../machines/restoreMachine.ts";
import type { ImportedHistory } from "../model/importedHistory.ts";
import type { ArchivePreview, RestoreResult } from "../model/restore.ts";
import type { RestoreStage } from "../model/task.ts";
import type { Activation } from "./activation.ts";
import { loadRun } from "./loadRun.ts";
import { startTask } from "./startTask.ts";
import type { RestoreTask } from "./task.ts";

/** Follows what a restore brings until it is active, whether the restore succeeds, fails, is cancelled or killed. */
export type Follow = Pick<Activation, "expect" | "track" | "find">;

/** Runs one restore as a task. */
export function startRestore(dependencies: Dependencies, source: RestoreSource, options: RestoreOptions, isBusy: boolean, follow: Follow): RestoreTask {
  const taskId = crypto.randomUUID();
  const startedAtMs = dependencies.clock.now();
  const session = createTaskSession(
    dependencies,
    { kind: "restore", taskId, startedAtMs, ...(isEntry(source) && { archiveId: source.id }) },
    isBusy,
  );
  const { stage, cleaning } = loadRun(async () => {
    const { createRestoreRun } = await import("../actors/restoreRun.ts");
    return createRestoreRun(dependencies, session, source, options);
  });
  const verifyArchive = stage((run) => run.verifyArchive);
  const importArchive = stage((run) => run.importArchive);
  const checkConversations = stage((run) => run.checkConversations);
  let history: ImportedHistory = { endMs: 0, conversations: [] };
  const actor = createActor(
    restoreMachine.provide({
      actors: {
        prepare: asTask(stage((run) => run.prepare)),
        fetchArchive: asTask(stage((run) => run.fetchArchive)),
        verifyArchive: asTask(async (tools) => {
          const { preview, history: brought } = await verifyArchive(tools);
          history = brought;
          return preview;
        }),
        importArchive: asTask(async (tools) => {
          await follow.expect(history);
          try {
            await importArchive(tools);
          } catch (error) {
            await follow.find(history).catch(() => undefined);
            throw error;
          }
        }),
        checkConversations: asTask(async (tools) => {
          const { result, listed } = await checkConversations(tools);
          await follow.track(history, listed);
          return result;
        }),
        clean: asTask(cleaning((run) => run.clean)),
      },
    }),
    { input: { confirm: options.confirm ?? false }, clock: dependencies.clock },
  );
  const task = startTask<RestoreStage, RestoreResult, ArchivePreview>(taskId, actor, () => actor.send({ type: "restore.cancel" }));
  return { ...task, confirm: () => actor.send({ type: "restore.confirm" }) };
}

function asTask<TOutput>(stage: Stage<TOutput>) {
  return fromTask<TOutput, void>((_input, tools) => stage(tools));
}
