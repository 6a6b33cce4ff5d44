import type { BackupPolicy, Backups } from "@xmtp-backup/core";
import { BehaviorSubject, type Observable } from "rxjs";
import { stored } from "./stored.ts";

/** The policy that the user chose. */
export type Settings = {
  readonly policy$: Observable<BackupPolicy>;
  /**
   * Followed from now on, and kept for the next start.
   *
   * @throws POLICY_INVALID when a setting is wrong; the earlier policy stays
   */
  setPolicy(policy: BackupPolicy): void;
};

const chosen = stored<BackupPolicy>("policy");
const firstPolicy: BackupPolicy = { frequency: "daily", keep: { last: 5, weekly: 4, monthly: 6 } };

export const readPolicy = (): BackupPolicy => chosen.read() ?? firstPolicy;

export const forgetPolicy = (): void => chosen.forget();

export function createSettings(backups: Backups): Settings {
  const policy = new BehaviorSubject(readPolicy());
  return {
    policy$: policy.asObservable(),
    setPolicy(next) {
      backups.setPolicy(next);
      chosen.write(next);
      policy.next(next);
    },
  };
}
