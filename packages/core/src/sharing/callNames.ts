import type { BackupOptions } from "../backup/backupOptions.ts";
import type { NamesAnswering } from "../backupsMethods.ts";
import type { BackupEventName } from "../policy/rules/backupPolicy.ts";
import type { RestoreOptions, RestoreSource } from "../restore/restoreOptions.ts";

/** The methods of `Backups` that a follower calls as they are. */
export type PassedOn = NamesAnswering<"promise" | "nothing">;

/** What a follower may call beside those. */
export type OwnCalls = {
  recreateDms(conversationIds?: readonly string[]): void;
  /** Answers with the id of the reminder, if the user is to be asked. */
  prepareFor(event: BackupEventName): string | undefined;
  dismissReminder(reminderId: string): void;
  snoozeReminder(reminderId: string, untilMs: number): void;
  isActiveNow(conversationId: string): Promise<boolean>;
  backup(id: string, options: BackupOptions | string): void;
  restore(id: string, source: RestoreSource, options: RestoreOptions): void;
  confirm(id: string): void;
  cancel(id: string): Promise<void>;
  heard(id: string): void;
};

export type SharedCallName = PassedOn | keyof OwnCalls;

/** Calls what answers with nothing. */
export type Say = (name: SharedCallName, ...parameters: readonly unknown[]) => void;
