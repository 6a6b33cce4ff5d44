import { type BehaviorSubject, distinctUntilChanged, type Observable, switchMap } from "rxjs";
import type { Backups } from "../backups.ts";
import { callMethod, makeMethods } from "../backupsMethods.ts";
import { isSamePlain, steady } from "../steady.ts";

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

  return {
    ...makeMethods(
      ["promise", "nothing", "value"],
      (name) =>
        (...parameters) =>
          callMethod(now(), name, parameters),
    ),

    status$: follow(({ status$ }) => status$).pipe(steady(isSamePlain)),
    reminders$: follow(({ reminders$ }) => reminders$).pipe(steady(isSamePlain)),
    policy$: follow(({ policy$ }) => policy$).pipe(steady(isSamePlain)),
    activation$: follow(({ activation$ }) => activation$),
    imported$: follow(({ imported$ }) => imported$).pipe(distinctUntilChanged((one, other) => one.id === other.id)),
    activationNotices$: follow(({ activationNotices$ }) => activationNotices$),
    conversation: (id) => ({
      state$: follow((backups) => backups.conversation(id).state$).pipe(distinctUntilChanged()),
      getState: () => now().conversation(id).getState(),
    }),
  };
}
