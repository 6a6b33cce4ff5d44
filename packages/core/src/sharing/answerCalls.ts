import type { Backups } from "../backups.ts";
import { backupsMethods, callMethod, type MethodRow } from "../backupsMethods.ts";
import type { ReminderHandle } from "../policy/reminderHandle.ts";
import { isBackupError } from "../errors/backupError.ts";
import type { TransferOptions } from "../ports/callOptions.ts";
import type { OwnCalls, PassedOn } from "./callNames.ts";
import type { ServedTasks } from "./serveTasks.ts";
import { joinParameters } from "./splitParameters.ts";

export type AnswerCall = (name: string, parameters: readonly unknown[], tools: TransferOptions) => unknown;

/** Does what followers call, on these backups. */
export function answerCalls(backups: Backups, tasks: ServedTasks, shown: () => readonly ReminderHandle[]): AnswerCall {
  const asked = new Map<string, ReminderHandle>();
  const reminder = (id: string) => shown().find((each) => each.id === id) ?? asked.get(id);

  const { backup, restore, confirm, cancel, heard } = tasks;
  const own: OwnCalls & { [Name in PassedOn]?: never } = {
    backup,
    restore,
    confirm,
    cancel,
    heard,
    recreateDms: (ids) => void backups.recreateDms(ids),
    prepareFor(event) {
      const answer = backups.prepareFor(event);
      if (answer.answer !== "ask") return undefined;
      asked.set(answer.reminder.id, answer.reminder);
      return answer.reminder.id;
    },
    dismissReminder: (id) => reminder(id)?.dismiss(),
    snoozeReminder: (id, untilMs) => reminder(id)?.snooze(untilMs),
    isActiveNow: (id) => isWritable(backups, id),
  };

  return (name, parameters, tools) => {
    if (isNameIn(own, name)) return (own[name] as (...all: readonly unknown[]) => unknown)(...parameters);
    if (isNameIn(backupsMethods, name)) {
      const row: MethodRow = backupsMethods[name];
      if (row.answers !== "value") return callMethod(backups, name, joinParameters(row, parameters, tools));
    }
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
