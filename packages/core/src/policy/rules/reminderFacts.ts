import type { SmallerBackup } from "../../retention/rules/smallerBackup.ts";
import type { PolicyMemory } from "./policyMemory.ts";

/** What reminders are made of, beside the policy. */
export type ReminderFacts = {
  memory: PolicyMemory;
  isRunning: boolean;
  /** When the newest archive that protects this installation was made, in milliseconds since 1970; absent when there is none or nobody knows. */
  newestArchiveMs?: number;
  /** Events that the user is to be asked about, the latest first. */
  askedEvents?: readonly { event: string; atMs: number }[];
  /** The archive key, once there is one, and whether the user confirmed that it is in a safe place. */
  key?: { fingerprint: string; isConfirmed: boolean };
  /** The newest archive holds far less than an earlier one. */
  smaller?: SmallerBackup;
  /** Of the place for archives, where it can tell. */
  storage?: { usedBytes: number; totalBytes: number };
};
