import type { Activation } from "./activation/createActivation.ts";
import { hasBegunToImport, isOver, type RunningTask } from "./adviseClosing.ts";
import type { BackupOptions } from "./backup/backupOptions.ts";
import type { BackupState, BackupTask } from "./backup/backupTask.ts";
import { type BackupBeginning, startBackup } from "./backup/startBackup.ts";
import type { Status } from "./createStatus.ts";
import { isBackupError } from "./errors/backupError.ts";
import type { TellBrought } from "./imported/createBringing.ts";
import type { PolicyRunner } from "./policy/createPolicyRunner.ts";
import { automaticBackup } from "./policy/rules/automaticBackup.ts";
import type { FullPolicy } from "./policy/rules/backupPolicy.ts";
import type { AutomaticTrigger } from "./policy/rules/nextRunReason.ts";
import type { BackupOutcome } from "./policy/rules/policyChanges.ts";
import { isRefusal, toResult } from "./policy/toResult.ts";
import type { BackupTrigger } from "./ports/backupTrigger.ts";
import type { Dependencies } from "./ports/dependencies.ts";
import { allElements } from "./ports/element.ts";
import type { RestoreOptions, RestoreSource } from "./restore/restoreOptions.ts";
import type { RestoreTask } from "./restore/restoreTask.ts";
import { startRestore } from "./restore/startRestore.ts";
import { watchTask } from "./tasks/createTask.ts";
import { inProgress } from "./tasks/taskLock.ts";

/** The task that runs, of which the status and the policy hear: one at a time. */
export type RunningTasks = {
  current(): RunningTask | undefined;
  /** Runs a backup beside the policy, which stands back for it and counts it where it holds enough. */
  backUp(options: BackupOptions, trigger: BackupTrigger): BackupTask;
  /** Runs a backup that the policy has begun. */
  backUpByPolicy(trigger: AutomaticTrigger): Promise<BackupState>;
  /** Runs a restore. A backup that the policy began makes room for it. */
  restore(source: RestoreSource, options: RestoreOptions): RestoreTask;
  /** Tells the policy, which has just begun, of the task that runs since before. */
  tellPolicy(): void;
};

export type RunningParts = {
  policy: () => FullPolicy;
  status: Status;
  activation: Activation;
  /** Hears what a restore has brought. */
  tell: TellBrought;
  runner: () => Pick<PolicyRunner, "send" | "archivesChanged">;
};

export function createRunningTasks(dependencies: Dependencies, { policy, status, activation, tell, runner }: RunningParts): RunningTasks {
  const { clock } = dependencies;
  let running: RunningTask | undefined;
  /** The backup that the policy began, until it has ended or a restore takes its place. */
  let automatic: BackupTask | undefined;

  /** Shows a task in the status while it runs; a second one beside it fails anyway and shows nothing. */
  function show(started: RunningTask): void {
    if (running) return;
    running = started;
    status.update({ running: started.kind });
    void watchTask<unknown>(started.task).ended.then(() => {
      running = undefined;
      status.update({}, "running");
    });
  }

  function beginBackup(options: BackupOptions, begun: Omit<BackupBeginning, "isBusy">): BackupTask {
    const task = startBackup(dependencies, policy(), options, { ...begun, isBusy: running !== undefined }, activation);
    show({ kind: "backup", task });
    void watchTask(task).ended.then(({ state }) => {
      if (state.status === "succeeded") {
        const { entry } = state.output;
        status.update({ lastSuccess: { archiveId: entry.id, atMs: entry.createdAtMs } }, "lastFailure");
        if (entry.details?.madeByRevoked) runner().send({ type: "policy.revoked" });
      }
      if (state.status !== "failed" || isRefusal(state.error, isByPolicy(begun))) return;
      const { error } = state;
      status.update({ lastFailure: { error, atMs: clock.now(), ...(isBackupError(error) && { code: error.code }) } });
    });
    return task;
  }

  /** Shows a restore, and tells the policy of it and of what it leaves. */
  function watchRestore(task: RestoreTask): void {
    show({ kind: "restore", task });
    let hasBegun = false;
    watchTask(task).state$.subscribe(() => (hasBegun ||= hasBegunToImport(task)));
    void watchTask(task).ended.then(({ state }) => {
      const isFinished = state.status === "succeeded";
      if (isFinished || hasBegun) runner().send({ type: "policy.restored", isFinished, atMs: clock.now() });
    });
    tellOf(task);
  }

  /** Tells the policy of a task that it did not begin. */
  function tellOf(task: BackupTask | RestoreTask, outcome: () => BackupOutcome | undefined = () => undefined): void {
    runner().send({ type: "task.began", atMs: clock.now() });
    void watchTask<unknown>(task).ended.then(() => {
      const ended = outcome();
      runner().send({ type: "task.ended", ...(ended && { outcome: ended }) });
      runner().archivesChanged();
    });
  }

  return {
    current: () => running,

    backUp(options, trigger) {
      const isBeside = running !== undefined;
      const task = beginBackup(options, { trigger });
      if (!isBeside) {
        tellOf(task, () => {
          const result = toResult(task.getState(), clock.now, isByPolicy({ trigger }));
          return result.status === "refused" || !isEnough(options, policy()) ? undefined : result;
        });
      }
      return task;
    },

    async backUpByPolicy(trigger) {
      const isBeside = running !== undefined;
      const task = beginBackup(automaticBackup(policy(), trigger), { trigger, isAutomatic: true });
      if (!isBeside) automatic = task;
      const { state } = await watchTask(task).ended;
      const isDisplaced = !isBeside && automatic !== task;
      if (automatic === task) automatic = undefined;
      // Nobody wants it to rest: the policy tries it again once the restore has ended.
      return isDisplaced && state.status === "cancelled" ? { status: "failed", error: inProgress() } : state;
    },

    restore(source, options) {
      const displaced = automatic;
      automatic = undefined;
      const isBusy = running !== undefined && !displaced;
      const makeRoom = displaced && (() => displaced.cancel());
      const task = startRestore(dependencies, source, options, { isBusy, makeRoom }, { activation, tell });
      if (displaced) void watchTask(displaced).ended.then(() => (isOver(task) ? undefined : watchRestore(task)));
      else if (!isBusy) watchRestore(task);
      return task;
    },

    tellPolicy() {
      if (running) tellOf(running.task);
    },
  };
}

/** Whether the policy chose what a backup holds. */
function isByPolicy({ trigger }: Pick<BackupBeginning, "trigger">): boolean {
  return trigger !== "manual";
}

/** Whether a backup holds what the policy's own ones do, so that the policy may count on it. */
function isEnough(
  { elements = allElements, startNs, endNs, excludeDisappearingMessages = false }: BackupOptions,
  policy: FullPolicy,
): boolean {
  if (excludeDisappearingMessages && !policy.excludeDisappearingMessages) return false;
  return startNs === undefined && endNs === undefined && policy.elements.every((element) => elements.includes(element));
}
