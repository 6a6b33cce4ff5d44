import type { BackupTrigger } from "../model/archiveEntry.ts";
import type { KnownConditions } from "../model/knownConditions.ts";
import type { Calendar } from "./calendar.ts";
import { type UnmetCondition, unmetConditions } from "./conditions.ts";
import { dueTriggers } from "./dueTriggers.ts";
import type { Moment } from "./moment.ts";
import type { FullPolicy } from "./policy.ts";
import type { PolicyMemory } from "./policyMemory.ts";

/** What starts a backup without the user's hand. */
export type AutomaticTrigger = Exclude<BackupTrigger, "manual">;

/** What a decision is made of, beside the policy and its calendar. */
export type BackupFacts = {
  memory: PolicyMemory;
  /** A backup or a restore runs. */
  isRunning: boolean;
  conditions: KnownConditions;
  /** Events whose answer is `backup` and that arrived while something ran. */
  events?: readonly string[];
  /** Since when the app runs without a gap: its start, or when the machine last woke up; milliseconds since 1970. */
  awakeSinceMs: number;
  /** A random number from 0 to 1, the same for as long as the app runs. */
  jitter: number;
};

/** Why nothing runs now. */
export type WaitReason = "running" | "never" | "schedule" | "settling" | "backoff" | "conditions";

/** What to do now; `reason` is a sentence's worth of plain English, the other fields are for code. */
export type BackupDecision =
  | { action: "backup"; trigger: AutomaticTrigger; reason: string }
  | {
      action: "wait";
      why: WaitReason;
      reason: string;
      /** When to decide again at the latest, always in the future; absent when only an event can change anything. */
      untilMs?: number;
      /** What is due already and waits for something else. */
      trigger?: AutomaticTrigger;
      unmet?: readonly UnmetCondition[];
    }
  | { action: "ask"; trigger: AutomaticTrigger; code?: string; reason: string };

/** A backup that became due while the app was not awake starts up to this long after it is. */
export const longestSettlingMs = 10_000;

/**
 * Decides whether a backup is due now, what it waits for, or that the user must be asked.
 *
 * Missed times, activity and events that piled up make one backup together. The memory must be settled for the same
 * moment (`settleMemory`), and what became of the backup recorded in it (`recordSuccess`, `recordFailure`).
 *
 * @example
 * ```ts
 * import { createMemory, decideBackup, loadCalendar, momentOf, normalizePolicy } from "@xmtp-backup/core";
 *
 * const policy = normalizePolicy({ frequency: "daily" });
 * const calendar = await loadCalendar(policy);
 * const moment = momentOf(policy, Date.UTC(2026, 0, 1), "Europe/Lisbon");
 * const memory = createMemory(calendar, moment);
 * const facts = { memory, isRunning: false, conditions: {}, awakeSinceMs: moment.nowMs, jitter: 0 };
 * const decision = decideBackup(policy, calendar, facts, moment);
 * console.log(decision.reason); // the next daily backup is not due yet
 * ```
 */
export function decideBackup(policy: FullPolicy, calendar: Calendar, facts: BackupFacts, { nowMs, timeZone }: Moment): BackupDecision {
  const { memory, isRunning, conditions, events = [], awakeSinceMs, jitter } = facts;

  if (isRunning) return { action: "wait", why: "running", reason: "a backup or restore is running" };
  const [event] = events;
  if (event !== undefined) return { action: "backup", trigger: "event", reason: `before ${event}` };
  if (policy.frequency === "never") return { action: "wait", why: "never", reason: "backups are made by hand only" };

  const { due, nextMs } = dueTriggers(policy, calendar, memory, nowMs, timeZone);
  if (!due) {
    return { action: "wait", why: "schedule", reason: `the next ${calendar.name} is not due yet`, ...(nextMs !== undefined && { untilMs: nextMs }) };
  }

  const { trigger, reason, sinceMs } = due;
  const { failure } = memory;
  if (failure?.isPermanent) {
    const code = failure.code === undefined ? {} : { code: failure.code };
    return { action: "ask", trigger, ...code, reason: "the last backup failed and only the user can change that" };
  }
  if (failure && failure.retryAtMs > nowMs) {
    const failures = failure.count === 1 ? "the last backup" : `the last ${failure.count} backups`;
    return { action: "wait", why: "backoff", trigger, reason: `${failures} failed; ${reason}`, untilMs: failure.retryAtMs };
  }
  const unmet = unmetConditions(policy.conditions, conditions, nowMs, timeZone);
  if (unmet.length > 0) {
    const untilMs = unmet.find(({ metAtMs }) => metAtMs !== undefined)?.metAtMs;
    const reasons = unmet.map((condition) => condition.reason).join(" and ");
    return { action: "wait", why: "conditions", trigger, unmet, reason: `${reason}, but ${reasons}`, ...(untilMs !== undefined && { untilMs }) };
  }
  // A clock that was set back can put the start of the app into the future; that delays nothing.
  const settledAtMs = Math.max(sinceMs, awakeSinceMs <= nowMs ? awakeSinceMs : 0) + Math.round(jitter * longestSettlingMs);
  if (trigger === "schedule" && settledAtMs > nowMs) {
    return { action: "wait", why: "settling", trigger, reason: `${reason}; it starts in a moment`, untilMs: settledAtMs };
  }
  return { action: "backup", trigger, reason };
}
