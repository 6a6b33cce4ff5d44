import { BehaviorSubject, distinctUntilChanged, filter, map, type Observable } from "rxjs";
import { isSamePlain, steady } from "../steady.ts";
import type { ReminderHandle } from "../policy/reminderHandle.ts";
import { assertTimeMs } from "../errors/assertOptions.ts";
import type { ActivationState, TrackedConversation } from "../activation/rules/trackedConversation.ts";
import { type Imported, nothingImported } from "../imported/imported.ts";
import type { BackupStatus } from "../backupStatus.ts";
import { toActivationState } from "../activation/rules/toActivationState.ts";
import type { FullPolicy } from "../policy/rules/backupPolicy.ts";
import { normalizePolicy } from "../policy/rules/normalizePolicy.ts";
import type { Reminder } from "../policy/rules/reminder.ts";
import type { Say } from "./callNames.ts";
import type { Told } from "./messages.ts";
import { applyTold } from "./toldActivation.ts";

/** What a follower received last, each as backups show it: the current value first, the same object until it changes. */
export type FollowedView = {
  readonly status$: Observable<BackupStatus>;
  readonly reminders$: Observable<readonly ReminderHandle[]>;
  readonly policy$: Observable<FullPolicy>;
  readonly activation$: Observable<ActivationState>;
  readonly imported$: Observable<Imported>;
  conversation$(id: string): Observable<TrackedConversation | undefined>;
  conversation(id: string): TrackedConversation | undefined;
  activation(): ActivationState;
  /** The last that was received, or else what backups follow that were given none. */
  policy(): FullPolicy;
  /** The id of the task that runs. */
  running(): string | undefined;
  take(told: Partial<Told>, isAll: boolean): void;
  /** The server is gone, and with it the task that ran. */
  serverGone(): void;
  close(): void;
};

/** @param say - tells the server of an answer to a reminder */
export function followView(say: Say): FollowedView {
  const status$ = new BehaviorSubject<BackupStatus>({});
  const reminders$ = new BehaviorSubject<readonly Reminder[]>([]);
  const policy$ = new BehaviorSubject<FullPolicy | undefined>(undefined);
  const activation$ = new BehaviorSubject(toActivationState([], [], "ask"));
  const imported$ = new BehaviorSubject(nothingImported);
  let byId: ReadonlyMap<string, TrackedConversation> = new Map();
  let running: string | undefined;
  const toHandle = (reminder: Reminder): ReminderHandle => ({
    ...reminder,
    dismiss: () => say("dismissReminder", reminder.id),
    snooze(untilMs) {
      assertTimeMs("snooze(untilMs): the time", untilMs);
      say("snoozeReminder", reminder.id, untilMs);
    },
  });
  const conversation = (id: string) => byId.get(id);

  function take(told: Partial<Told>, isAll: boolean): void {
    if ("running" in told) running = told.running;
    if (told.policy) policy$.next(told.policy);
    if (told.activation) {
      const next = applyTold(byId, told.activation, isAll);
      byId = next.byId;
      activation$.next(next.state);
    }
    if (told.imported && told.imported.id !== imported$.value.id) imported$.next(told.imported);
    if (told.status) status$.next(told.status);
    if (told.reminders) reminders$.next(told.reminders);
  }

  return {
    status$: status$.pipe(steady(isSamePlain)),
    reminders$: reminders$.pipe(
      map((reminders) => reminders.map(toHandle)),
      steady(isSamePlain),
    ),
    policy$: policy$.pipe(
      filter((policy) => policy !== undefined),
      steady(isSamePlain),
    ),
    activation$: activation$.asObservable(),
    imported$: imported$.asObservable(),
    conversation$: (id) =>
      activation$.pipe(
        map(() => conversation(id)),
        distinctUntilChanged(),
      ),
    conversation,
    activation: () => activation$.value,
    policy: () => policy$.value ?? normalizePolicy(),
    running: () => running,
    take,
    serverGone() {
      running = undefined;
      const { running: _over, ...rest } = status$.value;
      status$.next(rest);
    },
    close: () => [status$, reminders$, policy$, activation$, imported$].forEach((each) => each.complete()),
  };
}
