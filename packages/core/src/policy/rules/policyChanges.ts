import { decideEvent } from "./decideEvent.ts";
import { whyActive } from "./dueTriggers.ts";
import type { PolicyMemory } from "./policyMemory.ts";
import { momentIn, type PolicyState } from "./policyState.ts";
import { type BackupStart, recordCancelled, recordFailure, recordSuccess } from "./recordOutcome.ts";

/** What a backup that runs answers for: what was counted and owed when it began. */
export type RunningBackup = BackupStart & { events: number };

/** How a backup ended; times in milliseconds since 1970. */
export type BackupOutcome =
  | { status: "succeeded" }
  | { status: "failed"; atMs: number; code?: string; random: number }
  | { status: "cancelled"; atMs: number };

/** What a backup that begins now will answer for. */
export function beginBackup({ memory, events, seen }: PolicyState, startedAtMs = seen.nowMs): RunningBackup {
  return { startedAtMs, messages: memory.messagesSince, conversations: memory.conversationsSince, events: events.length };
}

/** After a backup that the policy began. Of an event whose backup failed the user is reminded; it is not tried in a row. */
export function endBackup(state: PolicyState, running: RunningBackup, outcome: BackupOutcome): PolicyState {
  const events = state.events.slice(running.events);
  switch (outcome.status) {
    case "succeeded":
      return { ...state, events, memory: recordSuccess(state.memory, running, momentIn(state).timeZone) };
    case "cancelled":
      return { ...state, events, memory: recordCancelled(state.memory, outcome.atMs, momentIn(state).timeZone) };
    case "failed": {
      const missed = state.events.slice(0, running.events).map((event) => ({ event, atMs: outcome.atMs }));
      return { ...state, events, askedEvents: [...missed, ...state.askedEvents], memory: failed(state, outcome) };
    }
  }
}

/** After a backup that the user began: a cancel of theirs says nothing of the schedule. */
export function endManualBackup(state: PolicyState, running: RunningBackup, outcome: BackupOutcome): PolicyState {
  if (outcome.status === "cancelled") return state;
  const memory = outcome.status === "succeeded" ? recordSuccess(state.memory, running, momentIn(state).timeZone) : failed(state, outcome);
  return { ...state, memory };
}

function failed(state: PolicyState, { atMs, code, random }: Extract<BackupOutcome, { status: "failed" }>): PolicyMemory {
  return recordFailure(state.memory, { atMs, code, jitter: random }, momentIn(state).timeZone);
}

/** Something is about to happen that the policy may want a backup before; what it wants is `decideEvent`'s word. */
export function addEvent(state: PolicyState, event: string, atMs: number): PolicyState {
  const answer = decideEvent(state.policy, event);
  if (answer === "backup") return { ...state, events: [...state.events.filter((owed) => owed !== event), event] };
  return answer === "ask" ? { ...state, askedEvents: [{ event, atMs }, ...state.askedEvents] } : state;
}

/** Whether activity that arrived since the last decision makes a backup due. */
export function hasBecomeActive({ policy, memory, decidedOn }: PolicyState): boolean {
  return whyActive(policy, memory) !== undefined && whyActive(policy, decidedOn) === undefined;
}
