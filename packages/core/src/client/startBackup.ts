import { createActor } from "xstate";
import type { BackupOptions } from "../actors/backupOptions.ts";
import type { Dependencies } from "../actors/dependencies.ts";
import type { RetentionPolicy } from "../actors/retentionScope.ts";
import { createTaskSession, type Stage } from "../actors/taskSession.ts";
import { backupMachine, type BackupInput, type BackupOutput } from "../machines/backupMachine.ts";
import { fromTask } from "../machines/fromTask.ts";
import type { BackupStage } from "../model/task.ts";
import type { Activation } from "./activation.ts";
import { loadRun } from "./loadRun.ts";
import { startTask } from "./startTask.ts";
import type { BackupTask } from "./task.ts";

/** Runs one backup as a task. */
export function startBackup(dependencies: Dependencies, retention: RetentionPolicy, options: BackupOptions, isBusy: boolean, activation: Pick<Activation, "recall">): BackupTask {
  const taskId = crypto.randomUUID();
  const archiveId = crypto.randomUUID();
  const session = createTaskSession(dependencies, { kind: "backup", taskId, startedAtMs: dependencies.clock.now(), archiveId }, isBusy);
  const { stage, cleaning } = loadRun(async () => {
    const { createBackupRun } = await import("../actors/backupRun.ts");
    return createBackupRun(dependencies, session, archiveId, options, retention, activation.recall);
  });
  const actor = createActor(
    backupMachine.provide({
      actors: {
        prepare: asTask(stage((run) => run.prepare)),
        exportSlices: asTask(stage((run) => run.exportSlices)),
        mergeSlices: asTask(stage((run) => run.mergeSlices)),
        verifyArchive: asTask(stage((run) => run.verifyArchive)),
        storeArchive: asTask(stage((run) => run.storeArchive)),
        confirmArchive: asTask(stage((run) => run.confirmArchive)),
        listArchive: asTask(stage((run) => run.listArchive)),
        pruneArchives: asTask(stage((run) => run.pruneArchives)),
        discardArchive: asTask(cleaning((run) => run.discardArchive)),
        clean: asTask(cleaning((run) => run.clean)),
      },
    }),
    { input: { archiveId }, clock: dependencies.clock },
  );
  return startTask<BackupStage, BackupOutput, never>(taskId, actor, () => actor.send({ type: "backup.cancel" }));
}

function asTask<TOutput>(stage: Stage<TOutput>) {
  return fromTask<TOutput, BackupInput>((_input, tools) => stage(tools));
}
