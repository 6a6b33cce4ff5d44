import type { BackupTrigger } from "../../ports/backupTrigger.ts";

/** What starts a backup without the user's hand. */
export type AutomaticTrigger = Exclude<BackupTrigger, "manual">;

/** Which schedule is in force: `never` where backups are made by hand, `cron` for a pattern. */
export type ScheduleName = "never" | "daily" | "weekly" | "monthly" | "cron";

/**
 * Why a backup is due.
 *
 * `first`: this installation has no archive yet. `lost`: the archives that it had are gone or damaged. `schedule`: a time of the
 * schedule has come; `missed`: it came while nothing could run. `messages`, `conversations`: so many are new since the last
 * backup. `event`: something is about to happen that the app named.
 */
export type DueReason =
  | { reason: "first" }
  | { reason: "lost" }
  | { reason: "schedule"; schedule: ScheduleName }
  | { reason: "missed"; schedule: ScheduleName }
  | { reason: "messages"; count: number }
  | { reason: "conversations"; count: number }
  | { reason: "event"; event: string };

/** A condition of the policy that does not hold now, and what is so instead. */
export type UnmetCondition =
  | { condition: "network"; reason: "offline" | "notWifi" | "metered" }
  | { condition: "charging"; reason: "notCharging" }
  | {
      condition: "quietWindow";
      reason: "outsideWindow";
      /** Times of day in the policy's zone. */
      from: string;
      to: string;
      /** When the window opens, in milliseconds since 1970; absent when it never does. */
      metAtMs?: number;
    };

/** What is due, or will be, and what made it so. */
type Due = { trigger: AutomaticTrigger; due: DueReason };

/**
 * Why no backup begins now.
 *
 * `running`: a backup or restore runs. `never`: backups are made by hand. `schedule`: nothing is due before the next time of the
 * schedule. `pause`: activity asks for one, and the policy's pause between two is not over. `settling`: one is due and waits
 * until the app has settled. `backoff`: one failed and is tried again later. `conditions`: a condition of the policy does not hold.
 */
export type Waiting =
  | { why: "running" }
  | { why: "never" }
  | { why: "schedule"; schedule: ScheduleName }
  | ({ why: "pause" } & Due)
  | ({ why: "settling" } & Due)
  | ({ why: "backoff"; failures: number } & Due)
  | ({ why: "conditions"; unmet: readonly UnmetCondition[] } & Due);

/**
 * When a backup is decided on next, and why then. The reason is what it waits for, `due` when it begins now, or `user` when only the user
 * can settle the last failure.
 */
export type NextRun = {
  /** Milliseconds since 1970; absent when it waits for something that has no time. */
  atMs?: number;
} & (
  | Waiting
  | ({ why: "due" } & Due)
  | ({
      why: "user";
      /** The code of that failure, if it is one of ours. */
      code?: string;
    } & Due)
);
