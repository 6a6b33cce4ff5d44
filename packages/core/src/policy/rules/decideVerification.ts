import type { ArchiveEntry } from "../../archives/archiveEntry.ts";
import type { ArchiveId } from "../../ports/archiveId.ts";
import type { UnmetCondition } from "./nextRunReason.ts";
import type { KnownConditions } from "../../ports/knownConditions.ts";
import { metAtMs, unmetConditions } from "./unmetConditions.ts";
import { addDuration } from "../../time/duration.ts";
import type { Moment } from "./moment.ts";
import type { FullPolicy } from "./backupPolicy.ts";
import type { PolicyMemory } from "./policyMemory.ts";
import { instantOf, wallAt } from "../../time/wallTime.ts";

export type VerificationFacts = {
  memory: PolicyMemory;
  isRunning: boolean;
  conditions: KnownConditions;
  /** Newest first. */
  archives: readonly ArchiveEntry[];
  inboxId: string;
};

/** Which stored archive to read back and verify whole now, or until when there is none to. */
export type VerificationDecision =
  | { action: "verify"; id: ArchiveId }
  | ({
      action: "wait";
      /** When to decide again at the latest; absent when only an event can change anything. */
      untilMs?: number;
    } & ({ why: "never" | "notDue" | "running" | "noArchive" } | { why: "conditions"; unmet: readonly UnmetCondition[] }));

/**
 * Decides on a verification: now and then a stored archive is fetched and verified, without being restored.
 *
 * First the newest one that was never verified, or only at a time that has not come yet. Else the one whose verification is the oldest.
 */
export function decideVerification(policy: FullPolicy, facts: VerificationFacts, { nowMs, timeZone }: Moment): VerificationDecision {
  const { memory, isRunning, conditions, archives, inboxId } = facts;
  const { verifyEvery } = policy;
  if (verifyEvery === false) return { action: "wait", why: "never" };
  const lastMs = memory.lastVerificationMs ?? memory.installedAtMs;
  const dueMs = instantOf(addDuration(wallAt(lastMs, timeZone), verifyEvery, 1), timeZone);
  if (dueMs > nowMs) return { action: "wait", why: "notDue", untilMs: dueMs };
  if (isRunning) return { action: "wait", why: "running" };
  const unmet = unmetConditions(policy.conditions, conditions, nowMs, timeZone);
  if (unmet.length > 0) {
    const untilMs = metAtMs(unmet);
    return { action: "wait", why: "conditions", unmet, ...(untilMs !== undefined && { untilMs }) };
  }
  const id = leastVerified(archives, inboxId, nowMs);
  return id === undefined ? { action: "wait", why: "noArchive" } : { action: "verify", id };
}

const neverMs = -1;

/** Looks at the oldest first, whose verification is mostly the oldest too, so that the costly comparison of inboxes is rare. */
function leastVerified(archives: readonly ArchiveEntry[], inboxId: string, nowMs: number): ArchiveId | undefined {
  let chosen: ArchiveEntry | undefined;
  let chosenMs = Infinity;
  for (let index = archives.length - 1; index >= 0; index -= 1) {
    const archive = archives[index] as ArchiveEntry;
    const { verifiedAtMs: saidMs = neverMs } = archive.details ?? {};
    const verifiedAtMs = saidMs > nowMs ? neverMs : saidMs;
    if (verifiedAtMs > chosenMs || archive.details?.inboxId !== inboxId) continue;
    chosen = archive;
    chosenMs = verifiedAtMs;
  }
  return chosen?.id;
}
