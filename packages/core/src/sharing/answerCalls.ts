import type { BackupOptions } from "../backup/backupOptions.ts";
import type { RestoreOptions, RestoreSource } from "../restore/restoreOptions.ts";
import type { Backups } from "../backups.ts";
import type { ReminderHandle } from "../policy/reminderHandle.ts";
import { isBackupError } from "../errors/backupError.ts";
import type { TransferOptions } from "../ports/callOptions.ts";
import type { BackupEventName, BackupPolicy } from "../policy/rules/backupPolicy.ts";
import { callWith, historySyncOptionsAt, optionsAt, saidCalls } from "./calls.ts";
import type { ServedTasks } from "./serveTasks.ts";

/** What a follower may call beside the methods that are called as they are. */
export type OwnCalls = {
  start: Backups["start"];
  confirmKey: Backups["confirmKey"];
  setPolicy(policy: BackupPolicy): void;
  recreateDms(conversationIds?: readonly string[]): void;
  /** Answers with the id of the reminder, if the user is to be asked. */
  prepareFor(event: BackupEventName): string | undefined;
  dismiss(reminderId: string): void;
  snooze(reminderId: string, untilMs: number): void;
  isActiveNow(conversationId: string): Promise<boolean>;
  backup(id: string, options: BackupOptions | string): void;
  restore(id: string, source: RestoreSource, options: RestoreOptions): void;
  confirm(id: string): void;
  cancel(id: string): Promise<void>;
  heard(id: string): void;
};

export type AnswerCall = (name: string, parameters: readonly unknown[], tools: TransferOptions) => unknown;

/** Does what followers call, on these backups. */
export function answerCalls(backups: Backups, tasks: ServedTasks, shown: () => readonly ReminderHandle[]): AnswerCall {
  const asked = new Map<string, ReminderHandle>();
  const reminder = (id: string) => shown().find((each) => each.id === id) ?? asked.get(id);

  const { backup, restore, confirm, cancel, heard } = tasks;
  const own: OwnCalls = {
    backup,
    restore,
    confirm,
    cancel,
    heard,
    start: () => backups.start(),
    confirmKey: () => backups.confirmKey(),
    setPolicy: (policy) => backups.setPolicy(policy),
    recreateDms: (ids) => void backups.recreateDms(ids),
    prepareFor(event) {
      const answer = backups.prepareFor(event);
      if (answer.answer !== "ask") return undefined;
      asked.set(answer.reminder.id, answer.reminder);
      return answer.reminder.id;
    },
    dismiss: (id) => reminder(id)?.dismiss(),
    snooze: (id, untilMs) => reminder(id)?.snooze(untilMs),
    isActiveNow: (id) => isWritable(backups, id),
  };

  return (name, parameters, tools) => {
    const [group, method = ""] = name.split(".");
    if (group === "historySync" && isNameIn(historySyncOptionsAt, method))
      return callWith(backups.historySync, method, historySyncOptionsAt[method], parameters, tools);
    if (isNameIn(optionsAt, name)) return callWith(backups, name, optionsAt[name], parameters, tools);
    if (isNameIn(own, name)) return (own[name] as (...all: readonly unknown[]) => unknown)(...parameters);
    const said = saidCalls.find((each) => each === name);
    if (said) return (backups[said] as (...all: readonly unknown[]) => unknown)(...parameters);
    throw new Error(`Nothing is called ${name}: the tabs hold different versions of the app.`);
  };
}

/** The guard asks the client itself about a DM whose newer one took over; `sync` is among what it guards for every SDK. */
async function isWritable(backups: Backups, id: string): Promise<boolean> {
  try {
    await backups.guardWrites({ id, sync: async () => undefined }).sync();
    return true;
  } catch (error) {
    if (isBackupError(error) && error.code === "CONVERSATION_INACTIVE") return false;
    throw error;
  }
}

function isNameIn<T extends object>(object: T, name: string): name is keyof T & string {
  return Object.hasOwn(object, name);
}
