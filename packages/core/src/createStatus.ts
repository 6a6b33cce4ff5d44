import { BehaviorSubject, map, type Observable } from "rxjs";
import type { BackupStatus } from "./backupStatus.ts";
import type { PolicyView } from "./policy/policyView.ts";
import { isSamePlain, steady } from "./steady.ts";
import { toBackupStatus, withOwn } from "./toBackupStatus.ts";

/** What the policy knows of the backups, and laid over it what only this process knows. */
export type Status = {
  readonly status$: Observable<BackupStatus>;
  /** The policy knows something else. */
  show(view: PolicyView): void;
  /**
   * This process knows something of its own.
   *
   * @param over what is over with that. @default nothing
   */
  update(change: BackupStatus, over?: "running" | "lastFailure"): void;
};

export function createStatus(): Status {
  const known$ = new BehaviorSubject<{ view: PolicyView; own: BackupStatus }>({ view: { isBusy: false }, own: {} });
  return {
    status$: known$.pipe(
      map(({ view, own }) => withOwn(toBackupStatus(view), own)),
      steady(isSamePlain),
    ),
    show: (view) => known$.next({ ...known$.value, view }),
    update(change, over) {
      const own = { ...known$.value.own, ...change };
      if (over) delete own[over];
      known$.next({ ...known$.value, own });
    },
  };
}
