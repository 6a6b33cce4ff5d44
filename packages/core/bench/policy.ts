import type { ArchiveEntry } from "../src/model/archiveEntry.ts";
import { calendarOf } from "../src/policy/calendar.ts";
import { decideBackup } from "../src/policy/decideBackup.ts";
import { momentOf } from "../src/policy/moment.ts";
import { planRetention } from "../src/policy/planRetention.ts";
import { normalizePolicy } from "../src/policy/policy.ts";
import { createMemory, settleMemory } from "../src/policy/policyMemory.ts";

const startMs = Date.UTC(2016, 0, 1);
const hourMs = 3_600_000;
const warmUpRounds = 100;

/** How long one decision takes, and the plan of what to keep with it, while this many archives are listed. */
export function benchPolicy(archiveCount = 10_000, rounds = 201): { medianMs: number } {
  const policy = normalizePolicy({
    frequency: "daily",
    conditions: { quietWindow: { from: "22:00", to: "06:00" } },
    keep: { last: 5, hourly: 24, daily: 30, weekly: 8, monthly: 12, yearly: 10, within: "30d" },
  });
  const calendar = calendarOf(policy);
  if (!calendar) throw new Error("A daily policy has a calendar of its own.");
  const timeZone = "America/New_York";
  const nowMs = startMs + archiveCount * 8 * hourMs;
  const archives = Array.from({ length: archiveCount }, (_, index) => toEntry(index, nowMs - index * 8 * hourMs));
  const memory = createMemory(calendar, momentOf(policy, nowMs - 400 * hourMs, timeZone));

  const takenMs: number[] = [];
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    const beganMs = performance.now();
    const moment = momentOf(policy, nowMs, timeZone);
    const settled = settleMemory(memory, calendar, moment);
    decideBackup(policy, calendar, { memory: settled, isRunning: false, conditions: {}, awakeSinceMs: nowMs, jitter: 0.5 }, moment);
    planRetention(archives, policy.keep, { nowMs, timeZone, inboxId: "inbox", installationIds: ["installation"] });
    if (round >= 0) takenMs.push(performance.now() - beganMs);
  }
  return { medianMs: takenMs.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Infinity };
}

function toEntry(index: number, createdAtMs: number): ArchiveEntry {
  return {
    id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
    createdAtMs,
    sizeBytes: 1_000_000,
    keyFingerprint: "0123456789abcdef",
    seal: "open",
    details: {
      inboxId: "inbox",
      installationId: "installation",
      elements: ["consent", "messages"],
      counts: { conversations: 1, messages: 1, consentRecords: 1 },
      conversations: [],
      sha256: "",
      records: 3,
      trigger: "schedule",
      ...(index % 100 === 0 && { verifiedAtMs: createdAtMs }),
      ...(index % 500 === 0 && { pinned: true }),
    },
  };
}
