import type { AutomaticTrigger, DueReason, Waiting } from "./nextRunReason.ts";
import type { KnownConditions } from "../../ports/knownConditions.ts";
import type { Calendar } from "./calendar.ts";
import { metAtMs, unmetConditions } from "./unmetConditions.ts";
import { dueTriggers } from "./dueTriggers.ts";
import type { Moment } from "./moment.ts";
import type { FullPolicy } from "./backupPolicy.ts";
import type { PolicyMemory } from "./policyMemory.ts";
import { policyTimes } from "./policyTimes.ts";

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

/** What to do now: back up, wait, or ask the user, since only they can change what made the last backup fail. */
export type BackupDecision =
  | { action: "backup"; trigger: AutomaticTrigger; due: DueReason }
  | ({
      action: "wait";
      /** When to decide again at the latest, always in the future; absent when only an event can change anything. */
      untilMs?: number;
    } & Waiting)
  | {
      action: "ask";
      trigger: AutomaticTrigger;
      due: DueReason;
      /** The code of the failure, if it is one of ours. */
      code?: string;
    };

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
 * console.log(decision.action === "wait" && decision.why); // schedule
 * ```
 */
export function decideBackup(policy: FullPolicy, calendar: Calendar, facts: BackupFacts, { nowMs, timeZone }: Moment): BackupDecision {
  const { memory, isRunning, conditions, events = [], awakeSinceMs, jitter } = facts;

  if (isRunning) return { action: "wait", why: "running" };
  const [event] = events;
  if (event !== undefined) return { action: "backup", trigger: "event", due: { reason: "event", event } };
  if (policy.frequency === "never") return { action: "wait", why: "never" };

  const { due: now, next } = dueTriggers(policy, calendar, memory, nowMs, timeZone, jitter);
  if (!now) {
    if (!next?.pending) return { action: "wait", why: "schedule", schedule: calendar.name, ...(next && { untilMs: next.atMs }) };
    return { action: "wait", why: next.pending.trigger === "first" ? "settling" : "pause", ...next.pending, untilMs: next.atMs };
  }

  const { trigger, due, sinceMs } = now;
  const { failure } = memory;
  if (failure?.isPermanent) return { action: "ask", trigger, due, ...(failure.code !== undefined && { code: failure.code }) };
  if (failure && failure.retryAtMs > nowMs)
    return { action: "wait", why: "backoff", trigger, due, failures: failure.count, untilMs: failure.retryAtMs };
  const unmet = unmetConditions(policy.conditions, conditions, nowMs, timeZone);
  if (unmet.length > 0) {
    const untilMs = metAtMs(unmet);
    return { action: "wait", why: "conditions", trigger, due, unmet, ...(untilMs !== undefined && { untilMs }) };
  }
  // A clock that was set back can put the start of the app into the future; that delays nothing.
  const awakeMs = awakeSinceMs <= nowMs ? awakeSinceMs : 0;
  const spreadMs = Math.round(jitter * policyTimes.longestSettlingMs);
  // The time of a first backup has chance in it already.
  const settledAtMs = trigger === "first" ? awakeMs + spreadMs : Math.max(sinceMs, awakeMs) + spreadMs;
  if (trigger !== "activity" && settledAtMs > nowMs) return { action: "wait", why: "settling", trigger, due, untilMs: settledAtMs };
  return { action: "backup", trigger, due };
}
