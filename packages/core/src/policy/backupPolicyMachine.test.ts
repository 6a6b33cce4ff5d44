import { describe, expect, it } from "vitest";
import { type SnapshotFrom } from "xstate";
import { getAdjacencyMap } from "xstate/graph";
import { calendarOf } from "./rules/calendar.ts";
import type { Observation } from "./rules/observation.ts";
import type { BackupPolicy } from "./rules/backupPolicy.ts";
import { normalizePolicy } from "./rules/normalizePolicy.ts";
import { dayMs, hourMs, minuteMs } from "../time/wallTime.ts";
import { verifiedArchive } from "../../test/verifiedArchive.ts";
import { backupPolicyMachine, type PolicyBackupResult } from "./backupPolicyMachine.ts";
import type { PolicyEvent } from "./policyEvent.ts";

type Snapshot = SnapshotFrom<typeof backupPolicyMachine>;
type ActorEvent = { type: `xstate.${string}`; output?: unknown; error?: unknown; actorId?: string };
type AnyEvent = PolicyEvent | ActorEvent;

const startMs = Date.UTC(2026, 0, 1);
const inboxId = "inbox";

function seenAt(nowMs: number, archives: Observation["archives"] = []): Observation {
  return { nowMs, timeZone: "UTC", inboxId, installationId: inboxId, conditions: {}, archives, random: 0 };
}

const ends = (state: string, output?: unknown): ActorEvent => ({ type: `xstate.done.actor.0.backupPolicy.${state}`, output });
const fails = (state: string): ActorEvent => ({ type: `xstate.error.actor.0.backupPolicy.${state}`, error: new Error("no") });

/** Everything that can happen in a state: what its actor answers, its timers, and what arrives from outside at any time. */
function eventsIn({ value, context }: Snapshot): AnyEvent[] {
  const { state, isTaskRunning, policy } = context;
  const nowMs = state?.seen.nowMs ?? startMs;
  const calendar = calendarOf(policy);
  const old = [verifiedArchive(1, nowMs - 40 * dayMs, inboxId)];
  const results: PolicyBackupResult[] = [
    { status: "succeeded" },
    { status: "cancelled", atMs: nowMs },
    { status: "refused" },
    { status: "failed", atMs: nowMs, code: "STORE_FAILED", random: 0 },
    { status: "failed", atMs: nowMs, code: "STORE_FULL", random: 0 },
  ];
  const inside: Record<string, AnyEvent[]> = {
    beginning: [
      ends("beginning", { calendar, seen: seenAt(nowMs, old) }),
      ends("beginning", { calendar, seen: seenAt(nowMs) }),
      fails("beginning"),
    ],
    beginningLater: [{ type: "xstate.after.minute.backupPolicy.beginningLater" }],
    looking: [minuteMs, 2 * hourMs, 8 * dayMs, 31 * dayMs]
      .map((laterMs) => ends("looking", seenAt(nowMs + laterMs, state?.seen.archives)))
      .concat(fails("looking")),
    backingUp: [...results.map((result) => ends("backingUp", result)), fails("backingUp")],
    verifying: [ends("verifying"), ends("verifying", { id: old[0]?.id, code: "ARCHIVE_DAMAGED" }), fails("verifying")],
    yielding: [{ type: "xstate.after.minute.backupPolicy.yielding" }],
    resting: [{ type: "xstate.after.rest.backupPolicy.resting" }],
  };
  const outside: AnyEvent[] = [
    { type: "policy.activity", messages: 5 },
    { type: "policy.look" },
    { type: "policy.wake" },
    { type: "policy.online" },
    { type: "policy.retry" },
    { type: "policy.prepareFor", event: "app-update", atMs: nowMs },
    // The app refuses a second task beside one that runs.
    ...(isTaskRunning
      ? [{ type: "task.ended" } as const, { type: "task.ended", outcome: { status: "succeeded" } } as const]
      : value === "backingUp"
        ? []
        : [{ type: "task.began", atMs: nowMs } as const]),
  ];
  return [...(inside[value] ?? []), ...outside];
}

/** Tells states apart by what decides their future, not by times and counts, of which there is no end. */
function essenceOf({ value, context: { state, running, isTaskRunning } }: Snapshot): string {
  const { decision, verification, memory, events } = state ?? {};
  const failure = memory?.failure && (memory.failure.isPermanent ? "permanent" : "passing");
  return JSON.stringify([
    value,
    decision?.action,
    verification?.action,
    (memory?.messagesSince ?? 0) > 0,
    failure,
    (events?.length ?? 0) > 0,
    running !== undefined,
    isTaskRunning,
  ]);
}

/** Every state that can be reached, told apart by its essence, with every transition out of it. */
function explore(policy: BackupPolicy): Found[] {
  const map = getAdjacencyMap(backupPolicyMachine, {
    input: { policy: normalizePolicy(policy) },
    events: (snapshot: Snapshot) => eventsIn(snapshot) as PolicyEvent[],
    serializeState: (snapshot) => essenceOf(snapshot),
    limit: 20_000,
  });
  return Object.values(map as unknown as Record<string, Found>);
}

type Found = { state: Snapshot; transitions: Record<string, { state: Snapshot }> };

const policies: [string, BackupPolicy][] = [
  ["daily", { frequency: "daily", afterMessages: 5 }],
  ["weekly", { frequency: "weekly", afterMessages: false }],
  ["monthly, without verifications", { frequency: "monthly", verifyEvery: false }],
  ["never", { frequency: "never" }],
];

describe("backupPolicyMachine, wherever it can come to", () => {
  it.each(policies)("behavior: %s: never two backups at once, none that is not due, none while a task runs", (_name, policy) => {
    const found = explore(policy);
    expect(found.length).toBeGreaterThan(15);
    for (const { state, transitions } of found) {
      assertSound(state);
      for (const { state: next } of Object.values(transitions)) assertSound(next);
    }
  });

  it("behavior: every state and every transition between two is reached", () => {
    const taken = new Set<string>();
    for (const { state, transitions } of explore({ frequency: "daily", afterMessages: 5 })) {
      for (const { state: next } of Object.values(transitions)) if (next.value !== state.value) taken.add(`${state.value} → ${next.value}`);
    }
    expect([...taken].sort()).toMatchInlineSnapshot(`
      [
        "backingUp → looking",
        "backingUp → yielding",
        "beginning → beginningLater",
        "beginning → resting",
        "beginning → yieldingToTask",
        "beginningLater → beginning",
        "looking → backingUp",
        "looking → resting",
        "looking → verifying",
        "looking → yielding",
        "looking → yieldingToTask",
        "resting → looking",
        "resting → yieldingToTask",
        "verifying → looking",
        "yielding → looking",
        "yieldingToTask → looking",
      ]
    `);
  });

  it("behavior: with the frequency never no backup ever begins by itself", () => {
    expect(explore({ frequency: "never" }).filter(({ state }) => state.value === "backingUp")).toEqual([]);
  });
});

function assertSound({ value, context: { state, running, isTaskRunning } }: Snapshot): void {
  if (value === "backingUp") {
    expect(isTaskRunning).toBe(false);
    expect(state?.decision.action).toBe("backup");
    expect(running).toBeDefined();
  }
  if (value === "verifying") expect(state?.verification.action).toBe("verify");
  if (value === "resting" && state) {
    expect(isTaskRunning).toBe(false);
    expect(state.decision.action).not.toBe("backup");
    if (state.decision.action === "wait" && state.decision.untilMs !== undefined)
      expect(state.decision.untilMs).toBeGreaterThan(state.seen.nowMs);
  }
  if (!isTaskRunning && value !== "backingUp") expect(running).toBeUndefined();
}
