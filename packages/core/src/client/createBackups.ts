import { BehaviorSubject, type Observable } from "rxjs";
import { loadKeys } from "../actors/archiveKeys.ts";
import type { BackupOptions } from "../actors/backupOptions.ts";
import { inspectSource } from "../actors/inspectSource.ts";
import { recover } from "../actors/recover.ts";
import type { RestoreOptions, RestoreSource } from "../actors/restoreOptions.ts";
import { openStore } from "../actors/stageErrors.ts";
import { listArchives } from "../actors/storedArchives.ts";
import type { ActivationState } from "../model/activation.ts";
import type { ArchiveEntry } from "../model/archiveEntry.ts";
import type { ClosingAdvice, InterruptedTask } from "../model/interruption.ts";
import type { ArchivePreview } from "../model/restore.ts";
import type { BackupStatus } from "../model/status.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { createActivation } from "./activation.ts";
import { adviseClosing, type RunningTask } from "./adviseClosing.ts";
import { type BackupsOptions, toSettings } from "./backupsOptions.ts";
import { startBackup } from "./startBackup.ts";
import { startRestore } from "./startRestore.ts";
import type { BackupTask, RestoreTask } from "./task.ts";
import { createUpkeep, type Upkeep } from "./upkeep.ts";

/** The backups of one XMTP client. */
export type Backups = Upkeep & {
  /**
   * Cleans up after an earlier process and goes on following restored conversations. Resolves to the task that was
   * interrupted, if any.
   */
  start(): Promise<InterruptedTask | undefined>;
  /** Stops following and reporting; a task that runs goes on. */
  stop(): void;
  /** Where the backups stand; the current status first, then every change. */
  readonly status$: Observable<BackupStatus>;
  /** Makes an archive of what the client holds and keeps it in the store. */
  backup(options?: BackupOptions): BackupTask;
  /** The archives of the store, newest first. */
  list(options?: CallOptions): Promise<ArchiveEntry[]>;
  /** Reads and verifies a whole archive and says what it holds; nothing is imported. */
  inspect(source: RestoreSource, options?: RestoreOptions & CallOptions): Promise<ArchivePreview>;
  /** Verifies an archive and adds what it holds to the client. */
  restore(source: RestoreSource, options?: RestoreOptions): RestoreTask;
  /** How many restored conversations are active again; the current count first, then every change. */
  readonly activation$: Observable<ActivationState>;
  /** False for a restored conversation until it is active again. */
  canWrite(conversationId: string): boolean;
  /** The same conversation, whose writes reject with `CONVERSATION_INACTIVE` until it is active, and never reach the SDK. */
  guardWrites<TConversation extends { id: string }>(conversation: TConversation): TConversation;
  /** Whether the app can close now, and what to tell the user if it should not. */
  closing(): ClosingAdvice;
};

/**
 * Gives an XMTP client durable backups.
 *
 * @throws OPTIONS_INVALID when the policy can't be followed
 *
 * @example
 * ```ts
 * import { createBackups, type Host, type KeyStore, type ArchiveStore } from "@xmtp-backup/core";
 *
 * async function backUp(host: Host, store: ArchiveStore, keys: KeyStore) {
 *   const backups = createBackups({ host, store, keys });
 *   const { entry } = await backups.backup({ name: "Before iOS update" }).result;
 *   console.log(entry.sizeBytes);
 * }
 * ```
 */
export function createBackups(options: BackupsOptions): Backups {
  const settings = toSettings(options);
  const { dependencies } = settings;
  const { store, keys, clock } = dependencies;
  const status$ = new BehaviorSubject<BackupStatus>({});
  const activation = createActivation(dependencies, {});
  let running: RunningTask | undefined;

  function update(change: BackupStatus): void {
    if (!status$.closed) status$.next({ ...status$.value, ...change });
  }

  /** Shows a task in the status while it runs; a second one beside it fails by itself and shows nothing. */
  function show(started: RunningTask): void {
    if (running) return;
    running = started;
    update({ running: started.kind });
    const end = () => {
      running = undefined;
      const { running: _over, ...rest } = status$.value;
      status$.next(rest);
    };
    started.task.result.then(end, end);
  }

  return {
    async start() {
      await activation.resume();
      const interrupted = await recover(dependencies);
      if (interrupted) update({ interrupted });
      return interrupted;
    },

    stop() {
      activation.stop();
      status$.complete();
    },

    status$: status$.asObservable(),

    backup(backupOptions = {}) {
      const task = startBackup(settings, backupOptions, running !== undefined);
      show({ kind: "backup", task });
      task.result.then(
        ({ entry }) => update({ lastSuccess: { archiveId: entry.id, atMs: entry.createdAtMs } }),
        (error: unknown) => {
          if (task.getState().status === "failed") update({ lastFailure: { error: error as Error, atMs: clock.now() } });
        },
      );
      return task;
    },

    list: async (callOptions) => {
      await openStore(store, callOptions);
      return listArchives(store, await loadKeys(keys, callOptions), callOptions);
    },

    inspect: (source, inspectOptions = {}) => inspectSource(dependencies, source, inspectOptions),

    restore(source, restoreOptions = {}) {
      const task = startRestore(settings, source, restoreOptions, running !== undefined, activation);
      show({ kind: "restore", task });
      return task;
    },

    ...createUpkeep(dependencies, () => settings.keep),

    activation$: activation.activation$,
    canWrite: activation.canWrite,
    guardWrites: activation.guardWrites,
    closing: () => adviseClosing(running),
  };
}
