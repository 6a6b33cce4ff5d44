import { type BehaviorSubject, distinctUntilChanged, type Observable, switchMap } from "rxjs";
import type { Backups } from "../backups.ts";
import type { HistorySyncClient } from "../activation/createHistorySync.ts";
import { isSame, steady } from "../steady.ts";

/**
 * One `Backups` over changing ones. Every call goes to those of now. Observables go on when they change, without an error and without an
 * end.
 *
 * @example
 * ```ts
 * import { type Backups, switchBackups } from "@xmtp-backup/core";
 * import { BehaviorSubject } from "rxjs";
 *
 * const follow = (followed: Backups) => switchBackups(new BehaviorSubject(followed));
 * ```
 */
export function switchBackups(backups$: BehaviorSubject<Backups>): Backups {
  const now = () => backups$.value;
  const follow = <T>(of: (backups: Backups) => Observable<T>) => backups$.pipe(switchMap(of));
  const historySync = (): HistorySyncClient => now().historySync;

  return {
    status$: follow(({ status$ }) => status$).pipe(steady(isSame)),
    reminders$: follow(({ reminders$ }) => reminders$).pipe(steady(isSame)),
    policy$: follow(({ policy$ }) => policy$).pipe(steady(isSame)),
    activation$: follow(({ activation$ }) => activation$),
    imported$: follow(({ imported$ }) => imported$).pipe(distinctUntilChanged((one, other) => one.id === other.id)),
    activationNotices$: follow(({ activationNotices$ }) => activationNotices$),
    conversation: (id) => ({
      state$: follow((backups) => backups.conversation(id).state$).pipe(distinctUntilChanged()),
      getState: () => now().conversation(id).getState(),
    }),

    start: () => now().start(),
    stop: () => now().stop(),
    current: () => now().current(),
    backup: (options) => now().backup(options),
    prepareFor: (event) => now().prepareFor(event),
    confirmKey: () => now().confirmKey(),
    retry: () => now().retry(),
    setPolicy: (policy) => now().setPolicy(policy),
    list: (options) => now().list(options),
    inspect: (source, options) => now().inspect(source, options),
    restore: (source, options) => now().restore(source, options),
    closingAdvice: () => now().closingAdvice(),

    remove: (id, options) => now().remove(id, options),
    rename: (id, name, options) => now().rename(id, name, options),
    pin: (id, options) => now().pin(id, options),
    unpin: (id, options) => now().unpin(id, options),
    verify: (id, options) => now().verify(id, options),
    rekey: (id, options) => now().rekey(id, options),
    planRetention: (keep, options) => now().planRetention(keep, options),
    deletedMessages: (options) => now().deletedMessages(options),
    acceptSmaller: (options) => now().acceptSmaller(options),

    canWrite: (id) => now().canWrite(id),
    guardWrites: (conversation) => now().guardWrites(conversation),
    recreateDms: (ids) => now().recreateDms(ids),
    dismiss: (ids) => now().dismiss(ids),
    trackAgain: (ids) => now().trackAgain(ids),
    lookNow: () => now().lookNow(),
    otherInstallations: (options) => now().otherInstallations(options),
    reportOtherInstallation: () => now().reportOtherInstallation(),
    gapFillers: (options) => now().gapFillers(options),

    historySync: {
      request: (options) => historySync().request(options),
      send: (pin, options) => historySync().send(pin, options),
      available: (options) => historySync().available(options),
      process: (pin, options) => historySync().process(pin, options),
    },
  };
}
