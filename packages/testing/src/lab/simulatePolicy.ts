import {
  type ArchiveEntry,
  assessHealth,
  type AutomaticTrigger,
  type BackupPolicy,
  countActivity,
  createMemory,
  decideBackup,
  decideVerification,
  decideEvent,
  dueReminders,
  type DueReason,
  loadCalendar,
  momentOf,
  normalizePolicy,
  planRetention,
  recordVerification,
  recordFailure,
  recordProtection,
  recordShown,
  recordSuccess,
  retryNow,
  settleMemory,
} from "@xmtp-backup/core";
import { randomFrom } from "./randomFrom.ts";
import { defaultScenario, type Scenario } from "./scenario.ts";
import { simulatedArchive, type SimulatedMoment, type Simulation } from "./simulation.ts";
import { arrivalMs, createWorld, dayMs, type Surroundings } from "./world.ts";

const inboxId = "simulated";

/**
 * Tries a policy on a scenario: a year of decisions on a simulated clock, by the functions that decide in the app.
 *
 * @throws POLICY_INVALID when a setting of the policy is wrong
 *
 * @example
 * ```ts
 * import { simulatePolicy } from "@xmtp-backup/testing";
 *
 * const year = await simulatePolicy({ frequency: "weekly" }, { messagesPerDay: 5, asleep: [{ fromDay: 100, toDay: 130 }] });
 * console.log(year.backups.length, year.removals.length, year.archives.length);
 * ```
 */
export async function simulatePolicy(policy: BackupPolicy, scenario: Scenario = {}): Promise<Simulation> {
  const full = normalizePolicy(policy);
  const schedule = await loadCalendar(full);
  const { events, remoteStore, backupMs, seed, isEmpty } = { ...defaultScenario, ...scenario };
  const world = await createWorld(scenario);
  const random = randomFrom(seed);

  let trueMs = world.startMs;
  let seen = world.at(trueMs);
  let lastAwake = seen;
  let moment = momentOf(full, trueMs + seen.skewMs, seen.timeZone);
  let memory = createMemory(schedule, moment);
  let awakeSinceMs = moment.nowMs;
  let jitter = random();
  let counted = { messages: 0, conversations: 0 };
  let pendingEvents = [...events].sort((a, b) => a.day - b.day);
  let askedEvents: { event: string; atMs: number }[] = [];
  let isAsked = false;
  let archives: ArchiveEntry[] = [];
  const log: Omit<Simulation, "archives" | "health"> = {
    backups: [],
    failures: [],
    asks: [],
    prompts: [],
    removals: [],
    verifications: [],
    decisions: 0,
  };

  function happened(): SimulatedMoment {
    return { atMs: moment.nowMs, day: Math.floor((trueMs - world.startMs) / dayMs) };
  }

  function decide() {
    log.decisions += 1;
    return decideBackup(full, schedule, { memory, isRunning: false, conditions: conditionsOf(seen), awakeSinceMs, jitter }, moment);
  }

  /** Follows the world to `trueMs`: what changed since the device was awake, what arrived, and whether it woke up. */
  function look(): void {
    const wasAwake = seen.isAwake;
    seen = world.at(trueMs);
    moment = momentOf(full, trueMs + seen.skewMs, seen.timeZone);
    if (!seen.isAwake) return;
    if (!wasAwake) [awakeSinceMs, jitter] = [moment.nowMs, random()];
    memory = settleMemory(memory, schedule, moment);
    if (lastAwake.isStoreFull && !seen.isStoreFull) memory = retryNow(memory, moment.nowMs, "user");
    if (!lastAwake.isOnline && seen.isOnline) memory = retryNow(memory, moment.nowMs, "network");
    lastAwake = seen;
    const arrived = world.arrivedBy(trueMs);
    memory = countActivity(memory, {
      messages: arrived.messages - counted.messages,
      conversations: arrived.conversations - counted.conversations,
    });
    counted = arrived;
    if (!remoteStore || seen.isOnline)
      memory = recordProtection(memory, { nowMs: moment.nowMs, inboxId, installationId: inboxId, archives, isEmpty }, full);
  }

  /** Runs one backup from now on; what it finds at its end decides how it ends. */
  function backUp(trigger: AutomaticTrigger, due: DueReason): void {
    const start = { startedAtMs: moment.nowMs, messages: memory.messagesSince, conversations: memory.conversationsSince };
    trueMs += backupMs;
    look();
    const { timeZone } = moment;
    const code = seen.isStoreFull ? "STORE_FULL" : remoteStore && !seen.isOnline ? "STORE_UNAVAILABLE" : undefined;
    if (code !== undefined) {
      log.failures.push({ ...happened(), code, trigger });
      memory = recordFailure(memory, { atMs: moment.nowMs, code, jitter: random() }, timeZone);
      return;
    }
    const archive = simulatedArchive(log.backups.length, start.startedAtMs, inboxId);
    log.backups.push({ ...happened(), atMs: start.startedAtMs, id: archive.id, trigger, due });
    memory = recordSuccess(memory, start, timeZone);
    const plan = planRetention([archive, ...archives], full.keep, { nowMs: moment.nowMs, timeZone, inboxId });
    const removed = plan.filter(({ action }) => action === "remove");
    log.removals.push(...removed.map(({ id, reasons }) => ({ ...happened(), id, reasons })));
    const removedIds = new Set(removed.map(({ id }) => id));
    archives = [archive, ...archives].filter(({ id }) => !removedIds.has(id)).sort((a, b) => b.createdAtMs - a.createdAtMs);
  }

  function answerEvents(): void {
    const due = pendingEvents.filter(({ day }) => world.startMs + day * dayMs <= trueMs);
    pendingEvents = pendingEvents.slice(due.length);
    for (const { event } of due) {
      const answer = decideEvent(full, event);
      if (answer === "backup") backUp("event", { reason: "event", event });
      if (answer === "ask") askedEvents = [{ event, atMs: moment.nowMs }, ...askedEvents];
    }
  }

  function remind(): void {
    const [newest] = archives;
    const facts = { memory, isRunning: false, askedEvents, ...(newest && { newestArchiveMs: newest.createdAtMs }) };
    const { fresh } = dueReminders(full, facts, moment);
    if (!fresh) return;
    log.prompts.push({ ...happened(), reminder: fresh });
    memory = recordShown(memory, fresh.id, moment.nowMs);
  }

  function verification(): void {
    if (remoteStore && !seen.isOnline) return;
    const decision = decideVerification(full, { memory, isRunning: false, conditions: conditionsOf(seen), archives, inboxId }, moment);
    if (decision.action !== "verify") return;
    log.verifications.push({ ...happened(), id: decision.id });
    memory = recordVerification(memory, moment.nowMs);
    archives = archives.map((archive) => (archive.id === decision.id ? verifiedAt(archive, moment.nowMs) : archive));
  }

  while (trueMs < world.endMs) {
    look();
    let untilMs = Infinity;
    if (seen.isAwake) {
      answerEvents();
      const decision = decide();
      if (decision.action === "backup") backUp(decision.trigger, decision.due);
      if (decision.action === "ask" && !isAsked)
        log.asks.push({ ...happened(), ...(decision.code !== undefined && { code: decision.code }) });
      isAsked = decision.action === "ask";
      verification();
      remind();
      const after = decide();
      if (after.action === "backup") untilMs = trueMs;
      if (after.action === "wait" && after.untilMs !== undefined) untilMs = after.untilMs - seen.skewMs;
    }
    const missing = (full.afterMessages || Infinity) - memory.messagesSince;
    trueMs = Math.max(trueMs + 1000, Math.min(untilMs, world.nextChangeMs(trueMs), arrivalMs(world, trueMs, missing)));
  }

  look();
  const health = assessHealth(full, schedule, { memory, decision: decide(), archives, inboxId }, moment);
  return { ...log, archives, health };
}

function conditionsOf({ isOnline }: Surroundings) {
  return { online: isOnline };
}

function verifiedAt(archive: ArchiveEntry, verifiedAtMs: number): ArchiveEntry {
  return archive.seal === "open" ? { ...archive, details: { ...archive.details, verifiedAtMs } } : archive;
}
