import type { Observable } from "rxjs";
import type { Backups } from "../backups.ts";
import { makeMethods } from "../backupsMethods.ts";
import { createWriteRules, guardWrites } from "../activation/guardWrites.ts";
import { assertText, assertTexts, assertTimeMs } from "../errors/assertOptions.ts";
import type { ReminderHandle } from "../policy/reminderHandle.ts";
import type { ActivationNotice } from "../activation/rules/activationNotice.ts";
import type { Clock } from "../ports/clock.ts";
import { automaticBackup } from "../policy/rules/automaticBackup.ts";
import { decideEvent } from "../policy/rules/decideEvent.ts";
import { normalizePolicy } from "../policy/rules/normalizePolicy.ts";
import { eventReminder } from "../policy/rules/eventReminder.ts";
import type { Reminder } from "../policy/rules/reminder.ts";
import { canRecreate } from "../activation/rules/recreating.ts";
import type { SharedCallName, Say } from "./callNames.ts";
import type { FollowedTasks } from "./followTasks.ts";
import type { FollowedView } from "./followView.ts";
import { splitParameters } from "./splitParameters.ts";
import type { TransferOptions } from "../ports/callOptions.ts";

export type FollowedParts = {
  call(name: SharedCallName, parameters: readonly unknown[], tools?: TransferOptions): Promise<unknown>;
  say: Say;
  /** Hears of a call that failed and whose answer nobody awaits. */
  missed(call: SharedCallName): (error: unknown) => void;
  tasks: FollowedTasks;
  view: FollowedView;
  notices$: Observable<ActivationNotice>;
  /** The names of a conversation's methods that are guarded. */
  guarded: ReadonlySet<string>;
  clock: Pick<Clock, "now">;
  close(): void;
};

/** The whole of `Backups`: it shows what it received, answers at once from that, and calls the server for all else. */
export function followedBackups({ call, say, missed, tasks, view, notices$, guarded, clock, close }: FollowedParts): Backups {
  const rules = createWriteRules(view.conversation);
  const isActiveNow = async (id: string) => (await call("isActiveNow", [id])) as boolean;
  const current = () => tasks.get(view.running() ?? "");

  return {
    ...makeMethods(["promise"], (name, row) => async (...given) => {
      const { parameters, tools } = splitParameters(name, row, given);
      return call(name, parameters, tools);
    }),
    ...makeMethods(
      ["nothing"],
      (name, { takes = 0 }) =>
        (...given) =>
          say(name, ...given.slice(0, takes)),
    ),

    status$: view.status$,
    reminders$: view.reminders$,
    policy$: view.policy$,
    activation$: view.activation$,
    imported$: view.imported$,
    activationNotices$: notices$,
    conversation(id) {
      assertText("conversation(id): the id", id);
      return { state$: view.conversation$(id), getState: () => view.conversation(id) };
    },

    stop: close,
    current,
    backup: (options = {}) => tasks.backup(options),
    restore: (source, options = {}) => tasks.restore(source, options),
    // What runs goes on when this end closes.
    closingAdvice: () => ({ safe: true }),

    canWrite: rules.canWrite,
    guardWrites: (conversation) => guardWrites(conversation, guarded, { ...rules, isActiveNow }),

    setPolicy(policy) {
      normalizePolicy(policy);
      say("setPolicy", policy);
    },

    dismiss(ids) {
      assertTexts("dismiss(ids): what it takes", ids);
      say("dismiss", ids);
    },

    trackAgain(ids) {
      assertTexts("trackAgain(ids): what it takes", ids);
      say("trackAgain", ids);
    },

    recreateDms(ids) {
      if (ids !== undefined) assertTexts("recreateDms(ids): what it takes", ids);
      const chosen = ids ? ids.filter((id) => canRecreate(view.conversation(id))) : [...view.activation().recreatable];
      if (chosen.length > 0) say("recreateDms", chosen);
      return chosen;
    },

    prepareFor(event) {
      assertText("prepareFor(event): the event", event);
      const answer = decideEvent(view.policy(), event);
      if (answer === "ignore") return { answer };
      if (answer === "backup" && !current()) return { answer, task: tasks.backup(automaticBackup(view.policy(), "event")) };
      const asked = call("prepareFor", [event]) as Promise<string | undefined>;
      asked.catch(missed("prepareFor"));
      if (answer === "backup") return { answer: "later" };
      return { answer, reminder: handleOf(eventReminder(event, clock.now()), asked, say) };
    },
  };
}

/** A reminder whose answers go by the id that it has where it is remembered. */
export function handleOf(reminder: Reminder, id: Promise<string | undefined>, say: Say): ReminderHandle {
  const answer = (name: SharedCallName, ...more: readonly unknown[]) =>
    void id.then(
      (known) => known !== undefined && say(name, known, ...more),
      () => undefined,
    );
  const snooze = (untilMs: number) => {
    assertTimeMs("snooze(untilMs): the time", untilMs);
    answer("snoozeReminder", untilMs);
  };
  return { ...reminder, dismiss: () => answer("dismissReminder"), snooze };
}
