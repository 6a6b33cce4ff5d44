import type { FullPolicy } from "./rules/backupPolicy.ts";
import type { BackupOutcome } from "./rules/policyChanges.ts";

/** The events of the policy machine; times in milliseconds since 1970. */
export type PolicyEvent =
  /** Messages arrived or conversations became active. */
  | { type: "policy.activity"; messages?: number; conversations?: number }
  /** Something that decisions are made of has changed. */
  | { type: "policy.look" }
  /** The machine or the app was asleep and is not any more. */
  | { type: "policy.wake" }
  /** The network is there again. */
  | { type: "policy.online" }
  /** Something is about to happen that the policy may want a backup before. */
  | { type: "policy.prepareFor"; event: string; atMs: number }
  /** The user has seen to what made backups fail. */
  | { type: "policy.retry" }
  | { type: "policy.dismiss"; id: string; atMs: number }
  | { type: "policy.snooze"; id: string; untilMs: number }
  /** The network has just said that this installation is in its inbox no more. */
  | { type: "policy.revoked" }
  /** A restore has ended: with all that it was to bring, or after a part of it. */
  | { type: "policy.restored"; isFinished: boolean; atMs: number }
  /** The user says that the archive key is in a safe place. */
  | { type: "policy.confirmKey"; fingerprint: string }
  | { type: "policy.replace"; policy: FullPolicy }
  /** A backup or restore that the policy did not begin. */
  | { type: "task.began"; atMs: number }
  /** Its end; with an outcome if it was a backup of everything. */
  | { type: "task.ended"; outcome?: BackupOutcome };
