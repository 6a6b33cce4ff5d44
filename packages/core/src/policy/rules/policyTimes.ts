import { dayMs, hourMs, minuteMs } from "../../time/wallTime.ts";

/** The times of the policy that no setting changes, in milliseconds. `docs/when-to-back-up.md` lists them in this order. */
export const policyTimes = {
  /** How long an installation is left alone before its first backup, so that the app can open and the user can look around. */
  firstSettlingMs: minuteMs,
  /** Chance adds up to this much to it, so that many clients that start together do not back up together. */
  firstSpreadMs: minuteMs,
  /** A backup that became due while the app was not awake starts up to this long after it is. */
  longestSettlingMs: 10_000,
  /** The wait after a failed backup. It doubles with each further one. */
  shortestBackoffMs: minuteMs,
  /** The longest wait after a failed backup. */
  longestBackoffMs: 6 * hourMs,
  /** How long activity rests after the user cancelled an automatic backup. */
  restAfterCancelMs: dayMs,
  /**
   * How long after a backup another one is due because its archive is gone.
   *
   * Something may remove every archive at once; a backup each time would cost the user more than it protects.
   */
  lostRestMs: dayMs,
  /** How long after a restore that brought only a part of the history the first backup waits, so that the user can restore again. */
  unfinishedRestoreRestMs: dayMs,
  /** The longest that one timer runs: far below what `setTimeout` holds, and how late a nap without a wake-up is noticed. */
  longestStepMs: 15 * minuteMs,
} as const satisfies Record<`${string}Ms`, number>;
