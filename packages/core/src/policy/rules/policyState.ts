import type { Health } from "./health.ts";
import type { Reminder } from "./reminder.ts";
import type { SmallerBackup } from "../../retention/rules/smallerBackup.ts";
import { boundedWait, readTimer } from "./boundedWait.ts";
import type { Calendar } from "./calendar.ts";
import { type BackupDecision, decideBackup } from "./decideBackup.ts";
import { decideVerification, type VerificationDecision } from "./decideVerification.ts";
import { findShrinkage } from "../../retention/rules/findShrinkage.ts";
import { assessHealth, isFirstDue } from "./assessHealth.ts";
import { type Moment, momentOf } from "./moment.ts";
import { newestWhole } from "../../retention/rules/newestWhole.ts";
import type { Observation } from "./observation.ts";
import type { FullPolicy } from "./backupPolicy.ts";
import { createMemory, type PolicyMemory, settleMemory } from "./policyMemory.ts";
import { recordArchives } from "./recordArchives.ts";
import { recordProtection } from "./recordProtection.ts";
import { retryNow } from "./recordOutcome.ts";
import { recordShown } from "./recordReminder.ts";
import { dueReminders } from "./dueReminders.ts";
import { toSmallerBackup } from "../../retention/rules/toSmallerBackup.ts";
import { dayMs } from "../../time/wallTime.ts";
import { isRevoked } from "../../retention/rules/whyNotOurs.ts";

/** An event that the user is to be asked about, and since when; milliseconds since 1970. */
export type AskedEvent = { event: string; atMs: number };

/** All that a running policy knows and has decided. */
export type PolicyState = {
  policy: FullPolicy;
  calendar: Calendar;
  memory: PolicyMemory;
  /** The memory that the decisions below were made on. */
  decidedOn: PolicyMemory;
  /** The last look at the world. */
  seen: Observation;
  /** When a look last brought the list of archives, in milliseconds since 1970; absent while none has. */
  listedAtMs?: number;
  /** Events that a backup is owed for. */
  events: readonly string[];
  askedEvents: readonly AskedEvent[];
  /** Since when the app runs without a gap, in milliseconds since 1970. */
  awakeSinceMs: number;
  /** A random number from 0 to 1 that stays while the app is awake. */
  jitter: number;
  decision: BackupDecision;
  verification: VerificationDecision;
  reminders: readonly Reminder[];
  health: Health;
};

/** What a policy begins with: a first look, and what an earlier process or an earlier policy of this one left. */
export function beginPolicy(policy: FullPolicy, calendar: Calendar, seen: Observation, earlier: Partial<Undecided>): PolicyState {
  const { memory, events = [], askedEvents = [], awakeSinceMs = seen.nowMs, jitter = seen.random } = earlier;
  const moment = momentOf(policy, seen.nowMs, seen.timeZone);
  const listed = seen.archives ? { listedAtMs: seen.nowMs } : {};
  return decide({
    policy,
    calendar,
    memory: memory ? afterKeyCame(memory, seen) : createMemory(calendar, moment),
    seen,
    ...listed,
    events,
    askedEvents,
    awakeSinceMs,
    jitter,
  });
}

/**
 * A further look at the world.
 *
 * @param wait - the timer that led to it, which tells whether the machine slept; absent after a wake-up or an event
 */
export function lookAgain(
  state: PolicyState,
  seen: Observation,
  { wait, woke }: { wait?: { delayMs: number } | undefined; woke: boolean },
): PolicyState {
  // Where timers are always late, a backup that has waited for the app to settle would wait for ever.
  const isSettling = state.decision.action === "wait" && state.decision.why === "settling";
  const slept = woke || (wait !== undefined && !isSettling && readTimer(state.seen.nowMs, wait.delayMs, seen.nowMs) === "slept");
  const awake = slept ? { awakeSinceMs: seen.nowMs, jitter: seen.random } : {};
  // A store that can't be asked now still holds what it held.
  const archives = seen.archives ?? state.seen.archives;
  // Nor does an inbox take back a device that it removed.
  const currentInstallationIds = seen.currentInstallationIds ?? state.seen.currentInstallationIds;
  const memory = state.seen.keyFingerprint === undefined ? afterKeyCame(state.memory, seen) : state.memory;
  const listed = seen.archives ? { listedAtMs: seen.nowMs } : {};
  return decide({
    ...state,
    ...awake,
    ...listed,
    memory,
    seen: { ...seen, ...(archives && { archives }), ...(currentInstallationIds && { currentInstallationIds }) },
  });
}

/** How long to rest before the next look, in milliseconds. */
export function restMs({ decision, verification, seen }: Pick<PolicyState, "decision" | "verification" | "seen">): number {
  const untils = [
    decision.action === "wait" ? decision.untilMs : undefined,
    verification.action === "wait" ? verification.untilMs : undefined,
  ];
  const known = untils.filter((untilMs) => untilMs !== undefined);
  return boundedWait(seen.nowMs, known.length > 0 ? Math.min(...known) : undefined);
}

export function momentIn({ policy, seen }: Pick<PolicyState, "policy" | "seen">): Moment {
  return momentOf(policy, seen.nowMs, seen.timeZone);
}

/** How long the last list of archives says what the store holds, while the store can't be asked. */
const listCountsMs = dayMs;

type Undecided = Omit<PolicyState, "decidedOn" | "decision" | "verification" | "reminders" | "health">;

/** Settles the memory and decides everything again; whatever changed the memory, this comes last. */
export function decide(state: Undecided): PolicyState {
  const { policy, calendar, seen, listedAtMs, events, askedEvents, awakeSinceMs, jitter } = state;
  const moment = momentOf(policy, seen.nowMs, seen.timeZone);
  let memory = forgetSettled(recordArchives(settleMemory(state.memory, calendar, moment), seen, policy, moment.timeZone), seen);
  // A list of before may lack what was made since.
  if (listedAtMs === seen.nowMs) memory = recordProtection(memory, seen, policy);
  const { conditions, archives = [], inboxId } = seen;
  const isRunning = false;
  const decision = decideBackup(policy, calendar, { memory, isRunning, conditions, events, awakeSinceMs, jitter }, moment);
  const verification = decideVerification(policy, { memory, isRunning, conditions, archives, inboxId }, moment);
  const smaller = findSmaller(policy, memory, seen);
  const { shown, fresh } = dueReminders(policy, reminderFacts({ ...state, memory, askedEvents, smaller }), moment);
  if (fresh) memory = recordShown(memory, fresh.id, moment.nowMs);
  const { network, storage, keys } = seen;
  const facts = {
    memory,
    decision,
    archives,
    inboxId,
    installationId: seen.installationId,
    isRevoked: isRevoked(scopeOf(seen)),
    isUnread: listedAtMs === undefined || seen.nowMs - listedAtMs >= listCountsMs,
    ...(network !== undefined && { network }),
    ...(smaller && { smaller }),
    ...(storage && { storage }),
    ...(keys && { keys }),
  };
  const health = assessHealth(policy, calendar, facts, moment);
  return { ...state, memory, decidedOn: memory, decision, verification, reminders: shown, health };
}

/** A backup that failed for want of a key is tried again once there is one. */
function afterKeyCame(memory: PolicyMemory, { keyFingerprint, nowMs }: Observation): PolicyMemory {
  return keyFingerprint !== undefined && memory.failure?.code === "KEY_MISSING" ? retryNow(memory, nowMs, "user") : memory;
}

/** A damaged archive that is not there any more, or was found whole since, harms nobody. */
function forgetSettled(memory: PolicyMemory, { archives, nowMs }: Observation): PolicyMemory {
  const { damage, ...rest } = memory;
  if (!damage || !archives) return memory;
  const listed = archives.find(({ id }) => id === damage.id);
  const { verifiedAtMs = -Infinity } = listed?.details ?? {};
  // A time that has not come yet is a wrong clock's, and may be older than the damage.
  const isWholeAgain = verifiedAtMs > (damage.foundAtMs ?? Infinity) && verifiedAtMs <= nowMs;
  return listed && !isWholeAgain ? memory : rest;
}

/** Whether the newest archive holds far less than an earlier one, unless the policy does not mind. */
function findSmaller({ keep }: FullPolicy, { damage }: PolicyMemory, seen: Observation): SmallerBackup | undefined {
  if (keep.larger === false || !seen.archives || isRevoked(scopeOf(seen))) return undefined;
  return toSmallerBackup(findShrinkage(seen.archives, { ...scopeOf(seen), ...(damage && { damagedIds: [damage.id] }) }));
}

function scopeOf({ nowMs, inboxId, network, installationId, currentInstallationIds, accepted }: Observation) {
  return { nowMs, inboxId, network, installationIds: [installationId], currentInstallationIds, accepted };
}

function reminderFacts({
  policy,
  memory,
  seen,
  askedEvents,
  smaller,
}: Pick<PolicyState, "policy" | "memory" | "seen" | "askedEvents"> & { smaller: SmallerBackup | undefined }) {
  const { archives = [], keyFingerprint, storage, nowMs } = seen;
  const newest = isFirstDue(policy, memory) ? undefined : newestWhole(archives, seen, nowMs);
  return {
    memory,
    isRunning: false,
    askedEvents,
    ...(newest && { newestArchiveMs: newest.createdAtMs }),
    ...(keyFingerprint !== undefined && { key: { fingerprint: keyFingerprint, isConfirmed: memory.confirmedKey === keyFingerprint } }),
    ...(smaller && { smaller }),
    ...(storage && { storage }),
  };
}
