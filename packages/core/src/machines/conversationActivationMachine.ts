import { and, assign, not, raise, setup } from "xstate";
import { type ActivationMemory, type AwaitedHistory, emptyActivationMemory, settleActivation } from "../policy/activationMemory.ts";
import {
  type FoundLook,
  isSettled,
  recordAwaited,
  recordImport,
  recordLeftOut,
  recordLook,
  recordOtherInstallation,
  recordStitch,
  recordStitchBegan,
  type StitchOutcome,
} from "../policy/activationSteps.ts";
import { memberChecksEveryMs, memberSyncsEveryMs } from "../policy/expectActivation.ts";
import { canStitch, type StitchDms, stitchableUnasked } from "../policy/stitching.ts";
import { activatesAny, type FinishedImport, owesBackfill } from "../policy/trackConversations.ts";
import { unprovided } from "./unprovided.ts";

export type ActivationInput = {
  /** What an earlier process knew. @default nothing */
  memory?: ActivationMemory;
  /** Whether inactive DMs are made anew: after the user's word, by itself, or not at all. @default "ask" */
  stitchDms?: StitchDms;
  /** Wait before the second look, in milliseconds; it doubles while nothing changes. @default 5_000 */
  firstDelayMs?: number;
  /** The longest wait between two looks, in milliseconds. @default 1_800_000 */
  longestDelayMs?: number;
  /**
   * The shortest wait between two looks, in milliseconds, however much arrives. A look that took long is followed by a wait of ten times
   * that, up to `firstDelayMs`, so that looking never takes much of the machine. @default 1_000
   */
  gapMs?: number;
  /** The wait between two new DMs, in milliseconds. @default 2_000 */
  stitchGapMs?: number;
};

/** The defaults of following restored conversations. */
const defaults = {
  memory: emptyActivationMemory,
  stitchDms: "ask",
  firstDelayMs: memberChecksEveryMs,
  longestDelayMs: memberSyncsEveryMs,
  gapMs: 1_000,
  stitchGapMs: 2_000,
} as const satisfies Required<ActivationInput>;

/** How many times as long as a look took the next one waits. */
const restForWork = 10;

type ActivationContext = Omit<Required<ActivationInput>, "memory"> & {
  memory: ActivationMemory;
  /** What the last look found, until the messages that belong to it are there. */
  found?: FoundLook | undefined;
  /** Something arrived since the last look began. */
  wasCalled: boolean;
  delayMs: number;
  /** How long the last look took, in milliseconds. */
  lookMs: number;
  /** DMs that are to be made anew, and the one that is being made. */
  queue: readonly string[];
  stitchingId?: string | undefined;
};

export type ActivationEvent =
  /** An import is over. */
  | { type: "activation.imported"; finished: FinishedImport }
  /** What an earlier process knew. */
  | { type: "activation.resume"; memory: ActivationMemory }
  /** Something arrived, or the app woke up: look now. */
  | { type: "activation.look" }
  /** The user wants these DMs made anew. */
  | { type: "activation.stitch"; ids: readonly string[] }
  /** The user dismisses conversations, or wants them followed again. */
  | { type: "activation.leaveOut" | "activation.followAgain"; ids: readonly string[] }
  /** Another installation of the user is online. */
  | { type: "activation.otherInstallation"; atMs: number }
  /** History was asked for from another installation, or is not awaited any more. */
  | { type: "activation.await"; awaited: AwaitedHistory | undefined };

/** Which DM to make anew. */
export type StitchInput = { id: string; peerInboxId: string };

/**
 * Follows restored conversations until another member's client has made each of them active.
 *
 * Two regions: `following` looks (one sync, one listing) at the start, when the host reports that something arrived, and at an
 * interval that doubles while nothing changes. A conversation counts as active once the messages that a stream missed are
 * fetched, or could not be fetched in time, and it rests in `settled` when every conversation is active. `stitching` makes one DM
 * anew after the other: those that the user named, or by itself those that a look has found waiting.
 *
 * Each conversation is a record with a status of its own, stepped by pure functions (`activationSteps`).
 *
 * @example
 * ```ts
 * import { conversationActivationMachine, type FoundLook, fromTask, type Host } from "@xmtp-backup/core";
 * import { createActor } from "xstate";
 *
 * function follow(host: Host, ownInboxId: string, ownInstallationId: string) {
 *   const look = fromTask<FoundLook, void>(async (_input, { signal }) => {
 *     await host.syncConversations({ signal });
 *     return { nowMs: Date.now(), ownInboxId, ownInstallationId, listed: await host.listConversations({ signal }) };
 *   });
 *   const backfill = fromTask<void, void>((_input, { signal }) => host.syncAll({ signal }));
 *   return createActor(conversationActivationMachine.provide({ actors: { look, backfill } }), { input: {} }).start();
 * }
 * ```
 */
export const conversationActivationMachine = setup({
  types: {
    context: {} as ActivationContext,
    events: {} as ActivationEvent,
    input: {} as ActivationInput,
  },
  actors: {
    /** Syncs and lists; what could not be listed is absent. */
    look: unprovided<FoundLook>(),
    backfill: unprovided(),
    /** Makes a DM anew, unless the user denied its peer; never fails. */
    stitch: unprovided<StitchOutcome, StitchInput>(),
  },
  actions: {
    remember: assign({ memory: (_, { memory }: { memory: ActivationMemory }) => memory }),
    keepFound: assign((_, { found }: { found: FoundLook }) => ({ found, lookMs: found.tookMs ?? 0 })),
    applyFound: assign(({ context }, { isBackfilled }: { isBackfilled: boolean }) => afterLook(context, isBackfilled)),
    rememberCall: assign({ wasCalled: true }),
    forgetCall: assign({ wasCalled: false }),
    startOver: assign({ delayMs: ({ context }) => context.firstDelayMs }),
    waitLonger: assign({ delayMs: ({ context }) => Math.min(context.delayMs * 2, context.longestDelayMs) }),
    enqueue: assign({ queue: ({ context }, { ids }: { ids: readonly string[] }) => [...new Set([...context.queue, ...ids])] }),
    takeNext: assign(({ context: { queue } }) => ({ stitchingId: queue[0], queue: queue.slice(1) })),
    beginStitch: assign({ memory: ({ context }) => recordStitchBegan(context.memory, context.stitchingId) }),
    applyStitch: assign({ memory: ({ context }, { outcome }: { outcome: StitchOutcome }) => recordStitch(context.memory, context.stitchingId, outcome) }),
    lookAgain: raise({ type: "activation.look" }),
  },
  guards: {
    wasCalled: ({ context }) => context.wasCalled,
    isSettled: ({ context }) => isSettled(context.memory),
    needsBackfill: ({ context }, { found }: { found: FoundLook }) =>
      owesBackfill(context.memory.conversations) || activatesAny(context.memory.conversations, { ...found, isBackfilled: false }),
    hasQueue: ({ context }) => context.queue.length > 0,
    canStitch: ({ context }) => nextToStitch(context) !== undefined,
  },
  delays: {
    gap: ({ context: { gapMs, lookMs, firstDelayMs } }) => Math.max(gapMs, Math.min(restForWork * lookMs, firstDelayMs)),
    interval: ({ context }) => context.delayMs,
    stitchGap: ({ context }) => context.stitchGapMs,
  },
}).createMachine({
  id: "activation",
  context: ({ input }) => {
    const { memory, ...settings } = { ...defaults, ...input };
    return { ...settings, memory, wasCalled: false, delayMs: settings.firstDelayMs, lookMs: 0, queue: [] };
  },
  type: "parallel",
  states: {
    following: {
      initial: "deciding",
      on: {
        "activation.imported": {
          target: ".deciding",
          actions: ["startOver", { type: "remember", params: ({ context, event }) => ({ memory: recordImport(context.memory, event.finished) }) }],
        },
        "activation.resume": {
          target: ".deciding",
          actions: ["startOver", { type: "remember", params: ({ event }) => ({ memory: settleActivation(event.memory) }) }],
        },
        "activation.await": {
          target: ".deciding",
          actions: ["startOver", { type: "remember", params: ({ context, event }) => ({ memory: recordAwaited(context.memory, event.awaited) }) }],
        },
        "activation.otherInstallation": {
          target: ".deciding",
          actions: ["startOver", { type: "remember", params: ({ context, event }) => ({ memory: recordOtherInstallation(context.memory, event.atMs) }) }],
        },
        "activation.leaveOut": {
          actions: { type: "remember", params: ({ context, event }) => ({ memory: recordLeftOut(context.memory, event.ids, true) }) },
        },
        "activation.followAgain": {
          target: ".deciding",
          actions: { type: "remember", params: ({ context, event }) => ({ memory: recordLeftOut(context.memory, event.ids, false) }) },
        },
      },
      states: {
        deciding: {
          always: [{ guard: "isSettled", target: "settled" }, { target: "looking" }],
        },
        looking: {
          entry: "forgetCall",
          on: { "activation.look": { actions: "rememberCall" } },
          invoke: {
            src: "look",
            onDone: [
              {
                guard: { type: "needsBackfill", params: ({ event }) => ({ found: event.output }) },
                target: "backfilling",
                actions: { type: "keepFound", params: ({ event }) => ({ found: event.output }) },
              },
              {
                target: "afterwards",
                actions: [
                  { type: "keepFound", params: ({ event }) => ({ found: event.output }) },
                  { type: "applyFound", params: { isBackfilled: false } },
                ],
              },
            ],
            onError: "resting",
          },
        },
        backfilling: {
          on: { "activation.look": { actions: "rememberCall" } },
          invoke: {
            src: "backfill",
            onDone: { target: "afterwards", actions: { type: "applyFound", params: { isBackfilled: true } } },
            onError: { target: "afterwards", actions: { type: "applyFound", params: { isBackfilled: false } } },
          },
        },
        afterwards: {
          always: [{ guard: and(["isSettled", not("wasCalled")]), target: "settled" }, { target: "resting" }],
        },
        resting: {
          initial: "quiet",
          after: { interval: { target: "looking", actions: "waitLonger" } },
          states: {
            quiet: {
              on: { "activation.look": { actions: "rememberCall" } },
              after: { gap: "alert" },
            },
            alert: {
              always: { guard: "wasCalled", target: "#activation.following.looking" },
              on: { "activation.look": "#activation.following.looking" },
            },
          },
        },
        settled: {
          on: { "activation.look": "looking" },
        },
      },
    },
    stitching: {
      initial: "idle",
      on: {
        "activation.stitch": { actions: { type: "enqueue", params: ({ event }) => ({ ids: event.ids }) } },
      },
      states: {
        idle: {
          always: { guard: "hasQueue", target: "choosing", actions: "takeNext" },
        },
        choosing: {
          always: [{ guard: "canStitch", target: "creating", actions: "beginStitch" }, { target: "idle" }],
        },
        creating: {
          invoke: {
            src: "stitch",
            input: ({ context }) => nextToStitch(context) ?? { id: "", peerInboxId: "" },
            onDone: { target: "spacing", actions: [{ type: "applyStitch", params: ({ event }) => ({ outcome: event.output }) }, "lookAgain"] },
            onError: "spacing",
          },
        },
        spacing: {
          after: { stitchGap: "idle" },
        },
      },
    },
  },
});

/** What a look has found, and by itself which DMs to make anew; what is newly active makes the next look come soon. */
function afterLook({ memory, found, queue, stitchDms, delayMs, firstDelayMs }: ActivationContext, isBackfilled: boolean): Partial<ActivationContext> {
  if (!found) return {};
  const next = recordLook(memory, found, isBackfilled);
  const unasked = stitchDms === "auto" ? stitchableUnasked(next.conversations, found.nowMs).map(({ id }) => id) : [];
  return {
    memory: next,
    found: undefined,
    queue: unasked.length > 0 ? [...new Set([...queue, ...unasked])] : queue,
    delayMs: activatesAny(memory.conversations, { ...found, isBackfilled }) ? firstDelayMs : delayMs,
  };
}

/** The DM whose turn it is, if it still waits. */
function nextToStitch({ memory, stitchingId, stitchDms }: ActivationContext): StitchInput | undefined {
  const conversation = memory.conversations.find(({ id }) => id === stitchingId);
  if (stitchDms === "never" || !conversation) return undefined;
  const { id, peerInboxId = "" } = conversation;
  return canStitch(conversation) || conversation.status === "stitching" ? { id, peerInboxId } : undefined;
}
