import { assign, setup } from "xstate";
import type { ArchiveId } from "../ports/archiveId.ts";
import type { Calendar } from "./rules/calendar.ts";
import type { AutomaticTrigger } from "./rules/nextRunReason.ts";
import type { Observation } from "./rules/observation.ts";
import type { FullPolicy } from "./rules/backupPolicy.ts";
import { addEvent, beginBackup, type BackupOutcome, endBackup, endManualBackup, hasBecomeActive } from "./rules/policyChanges.ts";
import type { PolicyMemory } from "./rules/policyMemory.ts";
import type { DamagedArchive } from "../retention/rules/damagedArchive.ts";
import { beginPolicy, decide, lookAgain, restMs } from "./rules/policyState.ts";
import { countActivity, recordVerification, recordRestored, retryNow } from "./rules/recordOutcome.ts";
import { recordDismissed, recordSnoozed } from "./rules/recordReminder.ts";
import { change, changeMemory, type PolicyContext, verifiedId } from "./policyContext.ts";
import type { PolicyEvent } from "./policyEvent.ts";
import { minuteMs } from "../time/wallTime.ts";
import { unprovided } from "../tasks/unprovided.ts";

export type PolicyInput = { policy: FullPolicy };

/** What the policy begins with: its times, the memory of an earlier process, and a first look at the world. */
export type PolicyBeginning = { calendar: Calendar; memory?: PolicyMemory; seen: Observation };

/** The backup that is due, and what it is due by: the policy, and an archive that can't be read back. */
export type BackUpInput = { trigger: AutomaticTrigger; policy: FullPolicy; damagedId?: ArchiveId };

/** How a backup that the policy began has ended; a failure of the SDK or the store is one of these too, and no error. */
export type PolicyBackupResult = BackupOutcome | { status: "refused" };

/**
 * Runs as long as the app does and says when a backup is due, when a stored archive is read back, and what to suggest.
 *
 * It looks at the world (`looking`), decides (`deciding`) and rests until the next time that matters, in steps of a quarter of
 * an hour at most. `context.state.memory` must survive a restart; the runner of the machine keeps it.
 */
export const backupPolicyMachine = setup({
  types: {
    context: {} as PolicyContext,
    events: {} as PolicyEvent,
    input: {} as PolicyInput,
    tags: {} as "working",
  },
  actors: {
    begin: unprovided<PolicyBeginning, PolicyInput>(),
    look: unprovided<Observation>(),
    backUp: unprovided<PolicyBackupResult, BackUpInput>(),
    verifyArchive: unprovided<DamagedArchive | undefined, { id: ArchiveId }>(),
  },
  actions: {
    keepBeginning: assign({
      state: ({ context }, { calendar, memory, seen }: PolicyBeginning) =>
        beginPolicy(context.policy, calendar, seen, context.state ?? (memory ? { memory } : {})),
    }),
    keepSeen: assign(({ context }, { seen }: { seen: Observation }) => ({
      ...change(context, (state) => lookAgain(state, seen, { wait: context.wait, woke: context.woke })),
      wait: undefined,
      woke: false,
    })),
    decideAgain: assign(({ context }) => change(context, decide)),
    keepWait: assign({ wait: ({ context }) => context.state && { delayMs: restMs(context.state) } }),
    forgetWait: assign({ wait: undefined }),
    keepWake: assign({ woke: true, wait: undefined }),
    beginBackup: assign({ running: ({ context }) => context.state && beginBackup(context.state) }),
    endBackup: assign(({ context }, { outcome }: { outcome: BackupOutcome }) => ({
      ...change(context, (state) => (context.running ? endBackup(state, context.running, outcome) : state)),
      running: undefined,
    })),
    forgetBackup: assign({ running: undefined }),
    beginTask: assign(({ context }, { atMs }: { atMs: number }) => ({
      isTaskRunning: true,
      // A backup that a restore takes the place of may still end well.
      running: context.running ?? (context.state && beginBackup(context.state, atMs)),
    })),
    endTask: assign(({ context }, { outcome }: { outcome: BackupOutcome | undefined }) => ({
      ...change(context, (state) => (context.running && outcome ? endManualBackup(state, context.running, outcome) : state)),
      running: undefined,
      isTaskRunning: false,
    })),
    endVerification: assign(({ context }, { damage }: { damage?: DamagedArchive | undefined }) =>
      changeMemory(context, (memory, { seen }) =>
        recordVerification(memory, seen.nowMs, damage ?? (memory.damage?.id === verifiedId(context) ? undefined : memory.damage)),
      ),
    ),
    /** The store could not be asked: nothing is known of the archive, and it is not tried in a row. */
    putVerificationOff: assign(({ context }) =>
      changeMemory(context, (memory, { seen }) => recordVerification(memory, seen.nowMs, memory.damage)),
    ),
    countActivity: assign(({ context }, arrived: { messages?: number; conversations?: number }) =>
      changeMemory(context, (memory) => countActivity(memory, arrived)),
    ),
    addEvent: assign(({ context }, { event, atMs }: { event: string; atMs: number }) =>
      change(context, (state) => addEvent(state, event, atMs)),
    ),
    retryNow: assign(({ context }, { says }: { says: "user" | "network" }) =>
      changeMemory(context, (memory, { seen }) => retryNow(memory, seen.nowMs, says)),
    ),
    dismiss: assign(({ context }, { id, atMs }: { id: string; atMs: number }) =>
      changeMemory(context, (memory) => recordDismissed(memory, id, atMs)),
    ),
    snooze: assign(({ context }, { id, untilMs }: { id: string; untilMs: number }) =>
      changeMemory(context, (memory) => recordSnoozed(memory, id, untilMs)),
    ),
    confirmKey: assign(({ context }, { fingerprint }: { fingerprint: string }) =>
      changeMemory(context, (memory) => ({ ...memory, confirmedKey: fingerprint })),
    ),
    keepRestored: assign(({ context }, restored: { isFinished: boolean; atMs: number }) =>
      changeMemory(context, (memory) => recordRestored(memory, restored)),
    ),
    keepRevoked: assign(({ context }) =>
      change(context, (state) => decide({ ...state, seen: { ...state.seen, currentInstallationIds: [] } })),
    ),
  },
  guards: {
    isReplaced: ({ context }) => context.state !== undefined && context.state.policy !== context.policy,
    isTaskRunning: ({ context }) => context.isTaskRunning,
    isBackupDue: ({ context }) => context.state?.decision.action === "backup",
    isVerificationDue: ({ context }) => context.state?.verification.action === "verify",
    hasBecomeActive: ({ context }) => context.state !== undefined && hasBecomeActive(context.state),
    wasRefused: (_, { result }: { result: PolicyBackupResult }) => result.status === "refused",
  },
  delays: {
    rest: ({ context }) => context.wait?.delayMs ?? minuteMs,
    minute: minuteMs,
  },
}).createMachine({
  id: "backupPolicy",
  context: ({ input: { policy } }) => ({ policy, isTaskRunning: false, woke: false }),
  initial: "beginning",
  on: {
    "policy.activity": { actions: { type: "countActivity", params: ({ event }) => event } },
    "policy.prepareFor": { actions: { type: "addEvent", params: ({ event }) => event } },
    "policy.wake": { actions: "keepWake" },
    "policy.online": { actions: { type: "retryNow", params: { says: "network" } } },
    "policy.retry": { actions: { type: "retryNow", params: { says: "user" } } },
    "policy.dismiss": { actions: [{ type: "dismiss", params: ({ event }) => event }, "decideAgain"] },
    "policy.snooze": { actions: [{ type: "snooze", params: ({ event }) => event }, "decideAgain"] },
    "policy.revoked": { actions: "keepRevoked" },
    "policy.restored": { actions: [{ type: "keepRestored", params: ({ event }) => event }, "decideAgain"] },
    "policy.confirmKey": { actions: [{ type: "confirmKey", params: ({ event }) => event }, "decideAgain"] },
    "policy.replace": { actions: assign({ policy: ({ event }) => event.policy }) },
    "task.began": { actions: { type: "beginTask", params: ({ event }) => event } },
    "task.ended": { actions: { type: "endTask", params: ({ event }) => ({ outcome: event.outcome }) } },
  },
  states: {
    beginning: {
      invoke: {
        src: "begin",
        input: ({ context: { policy } }) => ({ policy }),
        onDone: { target: "deciding", actions: { type: "keepBeginning", params: ({ event }) => event.output } },
        onError: "beginningLater",
      },
    },
    beginningLater: {
      on: { "policy.look": "beginning", "policy.wake": "beginning", "policy.online": "beginning" },
      after: { minute: "beginning" },
    },
    looking: {
      // What has changed may have changed after it was looked at.
      on: {
        "policy.look": { target: "looking", reenter: true },
        "policy.online": { target: "looking", reenter: true, actions: { type: "retryNow", params: { says: "network" } } },
        "policy.retry": { target: "looking", reenter: true, actions: { type: "retryNow", params: { says: "user" } } },
      },
      invoke: {
        src: "look",
        onDone: { target: "deciding", actions: { type: "keepSeen", params: ({ event }) => ({ seen: event.output }) } },
        onError: { target: "yielding", actions: "forgetWait" },
      },
    },
    deciding: {
      always: [
        { guard: "isReplaced", target: "beginning" },
        { guard: "isTaskRunning", target: "yieldingToTask" },
        { guard: "isBackupDue", target: "backingUp" },
        { guard: "isVerificationDue", target: "verifying" },
        { target: "resting" },
      ],
    },
    backingUp: {
      tags: "working",
      entry: "beginBackup",
      invoke: {
        src: "backUp",
        input: ({ context: { state, policy } }) => ({
          trigger: state?.decision.action === "backup" ? state.decision.trigger : "schedule",
          policy,
          ...(state?.memory.damage && { damagedId: state.memory.damage.id }),
        }),
        onDone: [
          { guard: { type: "wasRefused", params: ({ event }) => ({ result: event.output }) }, target: "yielding", actions: "forgetBackup" },
          { target: "looking", actions: { type: "endBackup", params: ({ event }) => ({ outcome: event.output as BackupOutcome }) } },
        ],
        onError: { target: "yielding", actions: "forgetBackup" },
      },
    },
    verifying: {
      tags: "working",
      invoke: {
        src: "verifyArchive",
        input: ({ context }) => ({ id: verifiedId(context) ?? "" }),
        onDone: { target: "looking", actions: { type: "endVerification", params: ({ event }) => ({ damage: event.output }) } },
        onError: { target: "looking", actions: "putVerificationOff" },
      },
    },
    /** A backup or restore runs that the policy did not begin. */
    yieldingToTask: {
      on: { "task.ended": { target: "looking", actions: { type: "endTask", params: ({ event }) => ({ outcome: event.outcome }) } } },
    },
    /** Another process is at work for this inbox, or the world can't be looked at now. */
    yielding: {
      after: { minute: "looking" },
    },
    resting: {
      entry: "keepWait",
      always: { guard: "hasBecomeActive", target: "looking", actions: "forgetWait" },
      after: { rest: "looking" },
      on: {
        "policy.look": { target: "looking", actions: "forgetWait" },
        "policy.wake": { target: "looking", actions: "keepWake" },
        "policy.online": { target: "looking", actions: ["forgetWait", { type: "retryNow", params: { says: "network" } }] },
        "policy.retry": { target: "looking", actions: ["forgetWait", { type: "retryNow", params: { says: "user" } }] },
        "policy.prepareFor": { target: "looking", actions: ["forgetWait", { type: "addEvent", params: ({ event }) => event }] },
        "policy.replace": { target: "beginning", actions: assign({ policy: ({ event }) => event.policy }) },
        "task.began": { target: "yieldingToTask", actions: { type: "beginTask", params: ({ event }) => event } },
      },
    },
  },
});
