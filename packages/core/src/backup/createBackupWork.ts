import { createActor } from "xstate";
import { assertBackupOptions, type BackupOptions } from "./backupOptions.ts";
import { createBackupRun } from "./createBackupRun.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import type { BackupRules } from "./backupRules.ts";
import { createTaskSession, type Stage } from "../tasks/createTaskSession.ts";
import { backupMachine } from "./backupMachine.ts";
import { fromTask } from "../tasks/fromTask.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import type { InterruptedTask } from "../tasks/interruptedTask.ts";
import { actorOptions } from "../tasks/actorOptions.ts";
import type { Activation } from "../activation/createActivation.ts";
import type { Work } from "../tasks/startTask.ts";

/** A backup as it is asked for. */
export type BackupRequest = {
  task: Omit<InterruptedTask, "stage">;
  archiveId: ArchiveId;
  options: BackupOptions;
  rules: BackupRules;
  /** Another task runs in this process. */
  isBusy: boolean;
};

/**
 * The backup machine over the world.
 *
 * @throws OPTIONS_INVALID when an option is wrong
 */
export function createBackupWork(
  dependencies: Dependencies,
  { task, archiveId, options, rules, isBusy }: BackupRequest,
  { recall }: Pick<Activation, "recall">,
): Work {
  assertBackupOptions(options);
  const session = createTaskSession(dependencies, task, isBusy);
  const run = createBackupRun(dependencies, session, archiveId, options, rules, recall);
  const actor = createActor(
    backupMachine.provide({
      actors: {
        prepare: asTask(run.prepare),
        exportSlices: asTask(run.exportSlices),
        mergeSlices: asTask(run.mergeSlices),
        verifyArchive: asTask(run.verifyArchive),
        storeArchive: asTask(run.storeArchive),
        confirmArchive: asTask(run.confirmArchive),
        listArchive: asTask(run.listArchive),
        pruneArchives: asTask(run.pruneArchives),
        discardArchive: asTask(run.discardArchive),
        clean: asTask(run.clean),
      },
    }),
    { input: { archiveId }, ...actorOptions(dependencies) },
  );
  return { actor, cancel: () => actor.send({ type: "backup.cancel" }) };
}

function asTask<TOutput>(stage: Stage<TOutput>) {
  return fromTask<TOutput, void>((_input, tools) => stage(tools));
}
