import { BehaviorSubject, map } from "rxjs";
import type { BackupOptions } from "./backup/backupOptions.ts";
import type { TellBrought } from "./imported/createBringing.ts";
import { inProgress } from "./tasks/taskLock.ts";
import { assertText } from "./errors/assertOptions.ts";
import { isBackupError } from "./errors/backupError.ts";
import type { BackupTrigger } from "./ports/backupTrigger.ts";
import type { AutomaticTrigger } from "./policy/rules/nextRunReason.ts";
import { type Imported, nothingImported } from "./imported/imported.ts";
import { allElements } from "./ports/element.ts";
import type { Reminder } from "./policy/rules/reminder.ts";
import type { BackupStatus } from "./backupStatus.ts";
import { automaticBackup } from "./policy/rules/automaticBackup.ts";
import { decideEvent } from "./policy/rules/decideEvent.ts";
import { eventReminder } from "./policy/rules/eventReminder.ts";
import type { FullPolicy } from "./policy/rules/backupPolicy.ts";
import { normalizePolicy } from "./policy/rules/normalizePolicy.ts";
import type { BackupOutcome } from "./policy/rules/policyChanges.ts";
import type { Backups } from "./backups.ts";
import { createActivation } from "./activation/createActivation.ts";
import { adviseClosing, hasBegunToImport, isImporting, isOver, type RunningTask } from "./adviseClosing.ts";
import type { BackupsOptions } from "./backupsOptions.ts";
import { toSettings } from "./toSettings.ts";
import { watchTask } from "./tasks/createTask.ts";
import { createTracking } from "./activation/createTracking.ts";
import { loadedMethods } from "./loadedMethods.ts";
import { loadOnce } from "./tasks/loadOnce.ts";
import { createPolicyRunner, type PolicyRunner } from "./policy/createPolicyRunner.ts";
import type { PolicyView } from "./policy/policyView.ts";
import { toHandle } from "./policy/reminderHandle.ts";
import { shareWatch } from "./shareWatch.ts";
import { type BackupBeginning, startBackup } from "./backup/startBackup.ts";
import { startRestore } from "./restore/startRestore.ts";
import { toBackupStatus, withOwn } from "./toBackupStatus.ts";
import { isSamePlain, steady } from "./steady.ts";
import type { RestoreTask } from "./restore/restoreTask.ts";
import type { BackupState, BackupTask } from "./backup/backupTask.ts";
import { isRefusal, toResult } from "./policy/toResult.ts";

const loadRecovery = loadOnce("cleans up after an earlier process", async () => ({
  ...(await import("./tasks/recover.ts")),
  ...(await import("./imported/tellUntold.ts")),
}));
const loadUpkeep = loadOnce("keeps archives", () => import("./upkeep/createUpkeep.ts"));
const loadHistorySync = loadOnce("asks for history", () => import("./activation/createHistorySync.ts"));
const loadKeyCode = loadOnce("reads archive keys", () => import("./archives/keysAtHand.ts"));

/**
 * Gives an XMTP client durable backups.
 *
 * @throws POLICY_INVALID when the policy can't be followed
 * @throws OPTIONS_INVALID when the host, the store or the keys are missing, or another option is unknown or wrong
 *
 * @example
 * ```ts
 * import { createBackups, type Host, type KeyStore, type ArchiveStore } from "@xmtp-backup/core";
 *
 * async function backUp(host: Host, store: ArchiveStore, keys: KeyStore) {
 *   const backups = createBackups({ host, store, keys });
 *   const { entry } = await backups.backup({ name: "Before iOS update" });
 *   console.log(entry.sizeBytes);
 * }
 * ```
 */
export function createBackups(options: BackupsOptions): Backups {
  const { dependencies, policy: firstPolicy, activation: following } = toSettings(options);
  const { host, keys, clock } = dependencies;
  const policy$ = new BehaviorSubject(firstPolicy);
  const policy = () => policy$.value;
  let running: RunningTask | undefined;
  /** The backup that the policy began, until it has ended or a restore takes its place. */
  let automatic: BackupTask | undefined;
  /** Goes up with every stop: a start that was under way then begins nothing. */
  let stops = 0;
  /** What the policy knows, and laid over it what only this process knows. */
  const known$ = new BehaviorSubject<{ view: PolicyView; own: BackupStatus }>({ view: { isBusy: false }, own: {} });
  const watch = shareWatch(host);
  const imported$ = new BehaviorSubject(nothingImported);
  const tellAs =
    (by: Imported["by"] & string): TellBrought =>
    (conversations) =>
      imported$.next({ id: crypto.randomUUID(), by, conversations });
  const activation = createActivation(dependencies, watch, following, {
    imported$,
    tell: tellAs("historySync"),
    isRestoring: () => running?.kind === "restore",
  });
  const upkeep = loadedMethods("upkeep", async () =>
    (await loadUpkeep()).createUpkeep(dependencies, policy, () => runner.archivesChanged()),
  );
  const historySync = loadedMethods("historySync", async () =>
    (await loadHistorySync()).createHistorySync(dependencies, activation, () => running !== undefined, policy, tellAs("historySync")),
  );
  const runner: PolicyRunner = createPolicyRunner(dependencies, policy, watch, {
    backUp: runAutomatic,
    verify: (id, signal) => upkeep.verify(id, { signal }),
  });
  const send = runner.send;
  runner.view$.subscribe((view) => known$.next({ ...known$.value, view }));

  function replace(own: BackupStatus): void {
    known$.next({ ...known$.value, own });
  }

  function update(change: BackupStatus): void {
    replace({ ...known$.value.own, ...change });
  }

  /** Shows a task in the status while it runs; a second one beside it fails anyway and shows nothing. */
  function show(started: RunningTask): void {
    if (running) return;
    running = started;
    update({ running: started.kind });
    const end = () => {
      running = undefined;
      const { running: _over, ...rest } = known$.value.own;
      replace(rest);
    };
    void watchTask<unknown>(started.task).ended.then(end);
  }

  function beginBackup(backupOptions: BackupOptions, begun: Omit<BackupBeginning, "isBusy">): BackupTask {
    const task = startBackup(dependencies, policy(), backupOptions, { ...begun, isBusy: running !== undefined }, activation);
    show({ kind: "backup", task });
    void watchTask(task).ended.then(({ state }) => {
      if (state.status === "succeeded") {
        const { entry } = state.output;
        const { lastFailure: _over, ...rest } = known$.value.own;
        replace({ ...rest, lastSuccess: { archiveId: entry.id, atMs: entry.createdAtMs } });
        if (entry.details?.madeByRevoked) send({ type: "policy.revoked" });
      }
      if (state.status !== "failed" || isRefusal(state.error, isByPolicy(begun))) return;
      const { error } = state;
      update({ lastFailure: { error, atMs: clock.now(), ...(isBackupError(error) && { code: error.code }) } });
    });
    return task;
  }

  async function runAutomatic(trigger: AutomaticTrigger): Promise<BackupState> {
    const isBeside = running !== undefined;
    const task = beginBackup(automaticBackup(policy(), trigger), { trigger, isAutomatic: true });
    if (!isBeside) automatic = task;
    const { state } = await watchTask(task).ended;
    const isDisplaced = !isBeside && automatic !== task;
    if (automatic === task) automatic = undefined;
    // Nobody wants it to rest: the policy tries it again once the restore has ended.
    return isDisplaced && state.status === "cancelled" ? { status: "failed", error: inProgress() } : state;
  }

  /** Shows a restore, and tells the policy of it and of what it leaves. */
  function watchRestore(task: RestoreTask): void {
    show({ kind: "restore", task });
    let hasBegun = false;
    watchTask(task).state$.subscribe(() => (hasBegun ||= hasBegunToImport(task)));
    void watchTask(task).ended.then(({ state }) => {
      const isFinished = state.status === "succeeded";
      if (isFinished || hasBegun) send({ type: "policy.restored", isFinished, atMs: clock.now() });
    });
    tellPolicy(task);
  }

  /** Tells the policy of a task that it did not begin. */
  function tellPolicy(task: BackupTask | RestoreTask, outcome: () => BackupOutcome | undefined = () => undefined): void {
    send({ type: "task.began", atMs: clock.now() });
    void watchTask<unknown>(task).ended.then(() => {
      const ended = outcome();
      send({ type: "task.ended", ...(ended && { outcome: ended }) });
      runner.archivesChanged();
    });
  }

  /** Runs a backup beside the policy, which stands back for it and counts it where it holds enough. */
  function backUp(backupOptions: BackupOptions, trigger: BackupTrigger): BackupTask {
    const isBeside = running !== undefined;
    const task = beginBackup(backupOptions, { trigger });
    if (!isBeside) {
      tellPolicy(task, () => {
        const result = toResult(task.getState(), clock.now, isByPolicy({ trigger }));
        return result.status === "refused" || !isEnough(backupOptions, policy()) ? undefined : result;
      });
    }
    return task;
  }

  return {
    async start() {
      const stopsBefore = stops;
      activation.restart();
      const [{ recover, tellUntold }] = await Promise.all([loadRecovery(), activation.resume()]);
      const interrupted = await recover(dependencies, () => tellUntold(dependencies, tellAs("restore")));
      if (interrupted) {
        const { kind, taskId, archiveId, stage } = interrupted;
        dependencies.log("info", { event: "task.recovered", kind, taskId, stage, ...(archiveId !== undefined && { archiveId }) });
        update({ interrupted });
      }
      if (stops !== stopsBefore) return interrupted;
      const hasBegun = await runner.start();
      if (interrupted?.kind === "restore" && isImporting(interrupted.stage))
        send({ type: "policy.restored", isFinished: false, atMs: clock.now() });
      // It runs since before, and the policy stands back for it.
      if (hasBegun && running) tellPolicy(running.task);
      return interrupted;
    },

    stop() {
      activation.stop();
      runner.stop();
      stops += 1;
    },

    status$: known$.pipe(
      map(({ view, own }) => withOwn(toBackupStatus(view), own)),
      steady(isSamePlain),
    ),

    current: () => running,
    backup: (given = {}) => backUp(typeof given === "string" ? { name: given } : given, "manual"),

    prepareFor(event) {
      assertText("prepareFor(event): the event", event);
      const atMs = clock.now();
      const answer = decideEvent(policy(), event);
      if (answer === "ignore") return { answer };
      if (answer === "backup" && !running) return { answer, task: backUp(automaticBackup(policy(), "event"), "event") };
      send({ type: "policy.prepareFor", event, atMs });
      return answer === "backup" ? { answer: "later" } : { answer, reminder: toHandle(eventReminder(event, atMs), clock.now, send) };
    },

    reminders$: runner.view$.pipe(
      map(({ state, isBusy }) => (isBusy || !state ? none : state.reminders).map((reminder) => toHandle(reminder, clock.now, send))),
      steady(isSamePlain),
    ),

    async confirmKey() {
      const { newestFingerprint } = await loadKeyCode();
      const fingerprint = await newestFingerprint(keys);
      if (fingerprint !== undefined) send({ type: "policy.confirmKey", fingerprint });
    },

    retry: () => send({ type: "policy.retry" }),

    policy$: policy$.asObservable(),

    setPolicy(next) {
      policy$.next(normalizePolicy(next));
      send({ type: "policy.replace", policy: policy() });
    },

    restore(source, restoreOptions = {}) {
      const displaced = automatic;
      automatic = undefined;
      const isBusy = running !== undefined && !displaced;
      const makeRoom = displaced && (() => displaced.cancel());
      const task = startRestore(dependencies, source, restoreOptions, { isBusy, makeRoom }, { activation, tell: tellAs("restore") });
      if (displaced) void watchTask(displaced).ended.then(() => (isOver(task) ? undefined : watchRestore(task)));
      else if (!isBusy) watchRestore(task);
      return task;
    },

    imported$: imported$.asObservable(),

    ...upkeep,

    ...createTracking(dependencies, activation, following.recreateDms !== "never"),
    historySync,
    closingAdvice: () => adviseClosing(running),
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

const none: readonly Reminder[] = [];
