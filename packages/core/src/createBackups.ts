import { BehaviorSubject, map } from "rxjs";
import type { TellBrought } from "./imported/createBringing.ts";
import { assertText } from "./errors/assertOptions.ts";
import { type Imported, nothingImported } from "./imported/imported.ts";
import type { Reminder } from "./policy/rules/reminder.ts";
import { automaticBackup } from "./policy/rules/automaticBackup.ts";
import { decideEvent } from "./policy/rules/decideEvent.ts";
import { eventReminder } from "./policy/rules/eventReminder.ts";
import { normalizePolicy } from "./policy/rules/normalizePolicy.ts";
import type { Backups } from "./backups.ts";
import { createActivation } from "./activation/createActivation.ts";
import { adviseClosing, isImporting } from "./adviseClosing.ts";
import type { BackupsOptions } from "./backupsOptions.ts";
import { createRunningTasks, type RunningTasks } from "./createRunningTasks.ts";
import { createStatus } from "./createStatus.ts";
import { toSettings } from "./toSettings.ts";
import { createTracking } from "./activation/createTracking.ts";
import { loadedMethods } from "./loadedMethods.ts";
import { loadOnce } from "./tasks/loadOnce.ts";
import { createPolicyRunner, type PolicyRunner } from "./policy/createPolicyRunner.ts";
import { toHandle } from "./policy/reminderHandle.ts";
import { shareWatch } from "./shareWatch.ts";
import { isSamePlain, steady } from "./steady.ts";

const loadRecovery = loadOnce("cleans up after an earlier process", async () => ({
  ...(await import("./tasks/recover.ts")),
  ...(await import("./imported/tellUntold.ts")),
  ...(await import("./backup/keptSlices.ts")),
}));
const loadUpkeep = loadOnce("keeps archives", () => import("./upkeep/createUpkeep.ts"));
const loadHistorySync = loadOnce("asks for history", () => import("./activation/createHistorySync.ts"));
const loadKeyCode = loadOnce("reads archive keys", () => import("./archives/keysAtHand.ts"));

/**
 * Gives an XMTP client durable backups.
 *
 * @throws POLICY_INVALID when a setting of the policy is wrong
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
  const { dependencies, policy: firstPolicy, activation: tracking } = toSettings(options);
  const { host, keys, clock } = dependencies;
  const policy$ = new BehaviorSubject(firstPolicy);
  const policy = () => policy$.value;
  /** Goes up with every stop: a start that was under way then begins nothing. */
  let stops = 0;
  const status = createStatus();
  const watch = shareWatch(host);
  const imported$ = new BehaviorSubject(nothingImported);
  const tellAs =
    (by: Imported["by"] & string): TellBrought =>
    (conversations) =>
      imported$.next({ id: crypto.randomUUID(), by, conversations });
  const activation = createActivation(dependencies, watch, tracking, {
    imported$,
    tell: tellAs("historySync"),
    isRestoring: () => tasks.current()?.kind === "restore",
  });
  const upkeep = loadedMethods("upkeep", async () =>
    (await loadUpkeep()).createUpkeep(dependencies, policy, () => runner.archivesChanged()),
  );
  const historySync = loadedMethods("historySync", async () =>
    (await loadHistorySync()).createHistorySync(
      dependencies,
      activation,
      () => tasks.current() !== undefined,
      policy,
      tellAs("historySync"),
    ),
  );
  const tasks: RunningTasks = createRunningTasks(dependencies, {
    policy,
    status,
    activation,
    tell: tellAs("restore"),
    runner: () => runner,
  });
  const runner: PolicyRunner = createPolicyRunner(dependencies, policy, watch, {
    backUp: tasks.backUpByPolicy,
    verify: (id, signal) => upkeep.verify(id, { signal }),
  });
  const send = runner.send;
  runner.view$.subscribe(status.show);

  return {
    async start() {
      const stopsBefore = stops;
      activation.restart();
      const [{ recover, sweepSlices, tellUntold }] = await Promise.all([loadRecovery(), activation.resume()]);
      const interrupted = await recover(
        dependencies,
        () => tellUntold(dependencies, tellAs("restore")),
        () => sweepSlices(dependencies),
      );
      if (interrupted) {
        const { kind, taskId, archiveId, stage } = interrupted;
        dependencies.log("info", { event: "task.recovered", kind, taskId, stage, ...(archiveId !== undefined && { archiveId }) });
        status.update({ interrupted });
      }
      if (stops !== stopsBefore) return interrupted;
      const hasBegun = await runner.start();
      if (interrupted?.kind === "restore" && isImporting(interrupted.stage))
        send({ type: "policy.restored", isFinished: false, atMs: clock.now() });
      // A task that runs since before: the policy stands back for it.
      if (hasBegun) tasks.tellPolicy();
      return interrupted;
    },

    stop() {
      activation.stop();
      runner.stop();
      stops += 1;
    },

    status$: status.status$,

    current: tasks.current,
    backup: (given = {}) => tasks.backUp(typeof given === "string" ? { name: given } : given, "manual"),

    prepareFor(event) {
      assertText("prepareFor(event): the event", event);
      const atMs = clock.now();
      const answer = decideEvent(policy(), event);
      if (answer === "ignore") return { answer };
      if (answer === "backup" && !tasks.current()) return { answer, task: tasks.backUp(automaticBackup(policy(), "event"), "event") };
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

    restore: (source, given = {}) => tasks.restore(source, given),

    imported$: imported$.asObservable(),

    ...upkeep,

    ...createTracking(dependencies, activation, tracking.recreateDms !== "never"),
    historySync,
    closingAdvice: () => adviseClosing(tasks.current()),
  };
}

const none: readonly Reminder[] = [];
