import { backoffMs, isPermanent } from "./backoff.ts";
import type { PolicyMemory } from "./policyMemory.ts";
import { policyTimes } from "./policyTimes.ts";
import type { DamagedArchive } from "../../retention/rules/damagedArchive.ts";
import { dayOf, wallAt } from "../../time/wallTime.ts";

/** What a backup answers for: everything that was due or counted when it began. */
export type BackupStart = {
  /** Milliseconds since 1970. */
  startedAtMs: number;
  /** What the memory counted then. */
  messages: number;
  conversations: number;
};

/**
 * After a backup that succeeded, whatever had started it: all that was due when it began is dealt with.
 *
 * @param timeZone - the zone of the moment, as in every other record
 */
export function recordSuccess(memory: PolicyMemory, start: BackupStart, timeZone: string): PolicyMemory {
  const { failure: _over, activityRestsUntilMs: _rested, unprotectedSinceMs: _until, unfinishedRestoreMs: _restored, ...rest } = memory;
  return {
    ...rest,
    lastSuccessMs: start.startedAtMs,
    handledWallMs: Math.max(memory.handledWallMs, wallAt(start.startedAtMs, timeZone)),
    messagesSince: Math.max(0, memory.messagesSince - start.messages),
    conversationsSince: Math.max(0, memory.conversationsSince - start.conversations),
  };
}

/**
 * After a backup that failed: what was due stays due, until a retry or until the user has helped.
 *
 * @param jitter - a random number from 0 to 1
 */
export function recordFailure(
  memory: PolicyMemory,
  { atMs, code, jitter }: { atMs: number; code?: string | undefined; jitter: number },
  timeZone: string,
): PolicyMemory {
  const { failure } = memory;
  const count = (failure?.count ?? 0) + 1;
  const isSameDay = failure !== undefined && dayOf(wallAt(failure.lastAtMs, timeZone)) === dayOf(wallAt(atMs, timeZone));
  return {
    ...memory,
    failure: {
      count,
      days: (failure?.days ?? 0) + (isSameDay ? 0 : 1),
      firstAtMs: failure?.firstAtMs ?? atMs,
      lastAtMs: atMs,
      ...(code !== undefined && { code }),
      isPermanent: isPermanent(code),
      retryAtMs: atMs + backoffMs(count, jitter),
    },
  };
}

/** After the user cancelled an automatic backup: it is not due again before the next time, nor by activity for a day. */
export function recordCancelled(memory: PolicyMemory, atMs: number, timeZone: string): PolicyMemory {
  return {
    ...memory,
    handledWallMs: Math.max(memory.handledWallMs, wallAt(atMs, timeZone)),
    activityRestsUntilMs: atMs + policyTimes.restAfterCancelMs,
  };
}

/**
 * The cause of the failures may be gone: what is due is tried again at once.
 *
 * The user's word settles what only they can; a network that is back does not.
 */
export function retryNow(memory: PolicyMemory, nowMs: number, says: "user" | "network"): PolicyMemory {
  const { failure } = memory;
  if (!failure || (failure.isPermanent && says === "network")) return memory;
  return { ...memory, failure: { ...failure, isPermanent: false, retryAtMs: nowMs } };
}

/** After a restore: one that brought a part alone holds the first backup back, which would look whole. */
export function recordRestored(memory: PolicyMemory, { isFinished, atMs }: { isFinished: boolean; atMs: number }): PolicyMemory {
  const { unfinishedRestoreMs: _before, ...rest } = memory;
  return isFinished ? rest : { ...rest, unfinishedRestoreMs: atMs };
}

/** After a stored archive was read back, and found whole or not. */
export function recordVerification(memory: PolicyMemory, atMs: number, damage?: DamagedArchive): PolicyMemory {
  const { damage: _before, ...rest } = memory;
  return { ...rest, lastVerificationMs: atMs, ...(damage && { damage: { foundAtMs: atMs, ...damage } }) };
}

/** Counts what the host's streams brought. */
export function countActivity(memory: PolicyMemory, arrived: { messages?: number; conversations?: number }): PolicyMemory {
  const { messages = 0, conversations = 0 } = arrived;
  return {
    ...memory,
    messagesSince: memory.messagesSince + messages,
    conversationsSince: memory.conversationsSince + conversations,
  };
}
