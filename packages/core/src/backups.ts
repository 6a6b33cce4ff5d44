import type { Observable } from "rxjs";
import type { BackupOptions } from "./backup/backupOptions.ts";
import type { RestoreOptions, RestoreSource } from "./restore/restoreOptions.ts";
import type { Imported } from "./imported/imported.ts";
import type { InterruptedTask } from "./tasks/interruptedTask.ts";
import type { ClosingAdvice } from "./tasks/closingAdvice.ts";
import type { BackupStatus } from "./backupStatus.ts";
import type { BackupEventName, BackupPolicy, FullPolicy } from "./policy/rules/backupPolicy.ts";
import type { RunningTask } from "./adviseClosing.ts";
import type { Tracking } from "./activation/createTracking.ts";
import type { HistorySyncClient } from "./activation/createHistorySync.ts";
import type { ReminderHandle } from "./policy/reminderHandle.ts";
import type { RestoreTask } from "./restore/restoreTask.ts";
import type { BackupTask } from "./backup/backupTask.ts";
import type { Upkeep } from "./upkeep/upkeep.ts";

/** What `prepareFor` did: began a backup, put it off until the running task has ended, left it to the user, or nothing. */
export type PrepareForAnswer =
  | { answer: "backup"; task: BackupTask }
  | { answer: "later" }
  | { answer: "ask"; reminder: ReminderHandle }
  | { answer: "ignore" };

/** The backups of one XMTP client. */
export type Backups = Upkeep &
  Tracking & {
    /**
     * Cleans up after an earlier process, goes on tracking restored conversations and starts the policy. Backups then run when
     * they are due, as long as the app runs or until `stop`. Resolves to the task that was interrupted, if any.
     */
    start(): Promise<InterruptedTask | undefined>;
    /**
     * Stops the policy and the tracking of restored conversations; `status$` says so. A task that runs goes on, and `start` begins again.
     */
    stop(): void;
    /** Where the backups stand; the current status first, then every change: the same object until it changes. */
    readonly status$: Observable<BackupStatus>;
    /** The task that runs now, if any: one that the policy began too. */
    current(): RunningTask | undefined;
    /**
     * Makes an archive of what the client holds and keeps it in the store.
     *
     * @param options how to make it; text alone is its name
     */
    backup(options?: BackupOptions | string): BackupTask;
    /** Says that something is about to happen, and does what the policy says: backs up, gives a prompt to ask the user with, or nothing. */
    prepareFor(event: BackupEventName): PrepareForAnswer;
    /** What to suggest to the user now; the current suggestions first, then every change. At most one new a day, none while a task runs. */
    readonly reminders$: Observable<readonly ReminderHandle[]>;
    /** The user says that the archive key is in a safe place: `reminders$` suggests that no more. */
    confirmKey(): Promise<void>;
    /** The user has seen to what made backups fail: what is due is tried again at once. */
    retry(): void;
    /** The policy in force, every setting filled in; the current one first, then every change. */
    readonly policy$: Observable<FullPolicy>;
    /**
     * Applies another policy from now on.
     *
     * @throws POLICY_INVALID when a setting is wrong; the earlier policy stays
     */
    setPolicy(policy: BackupPolicy): void;
    /**
     * Verifies an archive and adds what it holds to the client. A backup that the policy began makes room for it.
     *
     * @param source an archive of the store, by its id or its entry, or the bytes of one from anywhere
     */
    restore(source: RestoreSource, options?: RestoreOptions): RestoreTask;
    /**
     * The new messages of the last import: read these conversations again. Emits the last import first, empty before any, then each that
     * brings something. An import is reported once at its end, also if it failed or was cancelled, and at the next start if it was killed.
     * What the SDK imports after `historySync.request()` counts too, once nothing more of it comes.
     *
     * No stream of the SDK reports them. A new message is reported once, whether its conversation is active or not.
     */
    readonly imported$: Observable<Imported>;
    /** History from the user's other installations, the other route beside archives. */
    readonly historySync: HistorySyncClient;
    /** Whether the app can close now, and what to tell the user if it should not. */
    closingAdvice(): ClosingAdvice;
  };
