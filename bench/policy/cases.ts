import { planRetention } from "@xmtp-backup/core";
import { calendarOf } from "../../packages/core/src/policy/rules/calendar.ts";
import { decideBackup } from "../../packages/core/src/policy/rules/decideBackup.ts";
import { decideVerification } from "../../packages/core/src/policy/rules/decideVerification.ts";
import { assessHealth } from "../../packages/core/src/policy/rules/assessHealth.ts";
import { momentOf } from "../../packages/core/src/policy/rules/moment.ts";
import { normalizePolicy } from "../../packages/core/src/policy/rules/normalizePolicy.ts";
import { createMemory, settleMemory } from "../../packages/core/src/policy/rules/policyMemory.ts";
import { beginPolicy, decide, type PolicyState } from "../../packages/core/src/policy/rules/policyState.ts";
import { dueReminders } from "../../packages/core/src/policy/rules/dueReminders.ts";
import { dayMs } from "../../packages/core/src/time/wallTime.ts";
import type { BenchContext } from "../shared/context.ts";
import { type Figure, lowestOf, median } from "../shared/figure.ts";
import { atMost, type Result } from "../shared/result.ts";
import { apartMs, inboxId, installationId, listedArchives } from "./listedArchives.ts";

const archiveCount = 10_000;
const targetMs = 1;
const rounds = 41;
/** The lowest of these medians counts: the first are slower while the engine compiles, others while the machine has more to do. */
const batches = 50;

const policy = normalizePolicy({
  frequency: "daily",
  conditions: { network: "unmetered", charging: true, quietWindow: { from: "22:00", to: "06:00" } },
  keep: { last: 5, hourly: 24, daily: 30, weekly: 8, monthly: 12, yearly: 10, within: "30d" },
  verifyEvery: "30d",
});

/**
 * How long the policy thinks while ten thousand archives are listed: the median of many times, each part, all of them
 * together, and all that one look at the world decides.
 *
 * The retention is not planned at each look but once after a backup.
 */
export async function* run({ note }: BenchContext): AsyncGenerator<Result> {
  const nowMs = Date.UTC(2016, 0, 1) + archiveCount * apartMs;
  const parts = partsOf(nowMs);
  const together = () => Object.values(parts).forEach((part) => part());
  note(`all together for the very first time, before the engine has compiled anything: ${timeMs(together).toFixed(1)} ms`);
  const state = stateAt(nowMs);
  const listed = `with ${archiveCount.toLocaleString("en")} archives listed`;
  for (const [name, part] of Object.entries(parts)) yield atMost(`${name} ${listed}`, bestMedianMs(part), targetMs, "ms");
  yield atMost(`deciding, all of these together, ${listed}`, bestMedianMs(together), targetMs, "ms");
  yield atMost(
    `deciding, all of one look, ${listed}`,
    bestMedianMs(() => decide(state)),
    targetMs,
    "ms",
  );
}

/** What a policy knows that was installed two months ago and has looked at a store of so many archives; a verification is due. */
function stateAt(nowMs: number): PolicyState {
  const calendar = calendarOf(policy);
  if (!calendar) throw new Error("A daily policy has a calendar of its own.");
  const conditions = { online: true, metered: false, charging: true };
  const archives = listedArchives(archiveCount, nowMs);
  const seen = {
    nowMs,
    timeZone: "America/New_York",
    inboxId,
    installationId,
    conditions,
    archives,
    keyFingerprint: "0123456789abcdef",
    random: 0.5,
  };
  const memory = createMemory(calendar, momentOf(policy, nowMs - 60 * dayMs, seen.timeZone));
  return beginPolicy(policy, calendar, seen, { memory });
}

/** Each has all to do: the backup and the verification are due and wait for nothing, and a retention of every rule removes most. */
function partsOf(nowMs: number): Record<string, () => unknown> {
  const calendar = calendarOf(policy);
  if (!calendar) throw new Error("A daily policy has a calendar of its own.");
  const timeZone = "America/New_York";
  const moment = () => momentOf(policy, nowMs, timeZone);
  const archives = listedArchives(archiveCount, nowMs);
  const memory = { ...createMemory(calendar, momentOf(policy, nowMs - 60 * dayMs, timeZone)), messagesSince: 99, conversationsSince: 9 };
  const conditions = { online: true, metered: false, charging: true };
  const isRunning = false;
  const decideNow = () =>
    decideBackup(
      policy,
      calendar,
      { memory: settleMemory(memory, calendar, moment()), isRunning, conditions, awakeSinceMs: nowMs - dayMs, jitter: 0.5 },
      moment(),
    );
  const reminderFacts = {
    memory,
    isRunning,
    newestArchiveMs: nowMs - 90 * dayMs,
    key: { fingerprint: "0123456789abcdef", isConfirmed: false },
    storage: { usedBytes: 95, totalBytes: 100 },
  };
  return {
    decideBackup: decideNow,
    decideVerification: () => decideVerification(policy, { memory, isRunning, conditions, archives, inboxId }, moment()),
    dueReminders: () => dueReminders(policy, reminderFacts, moment()),
    assessHealth: () => assessHealth(policy, calendar, { memory, decision: decideNow(), archives, inboxId }, moment()),
    planRetention: () => planRetention(archives, policy.keep, { ...moment(), inboxId, installationIds: [installationId] }),
  };
}

function bestMedianMs(work: () => unknown): Figure {
  const medians = Array.from({ length: batches }, () => median(Array.from({ length: rounds }, () => timeMs(work))));
  return lowestOf(medians);
}

function timeMs(work: () => unknown): number {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
}
