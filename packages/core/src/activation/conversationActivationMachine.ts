import { assign, raise, setup } from "xstate";
import type { ActivationMemory, AwaitedHistory } from "./rules/activationMemory.ts";
import {
  type FoundLook,
  isSettled,
  recordAwaited,
  recordImport,
  setDismissed,
  recordOtherInstallation,
  recordRecreated,
  recordRecreatingBegun,
  settleActivation,
  type RecreateOutcome,
} from "./rules/activationSteps.ts";
import { activatesAny, type FinishedImport, owesBackfill } from "./rules/trackConversations.ts";
import {
  type ActivationContext,
  type ActivationInput,
  afterLook,
  beginActivation,
  nextToRecreate,
  restAfterLook,
  type RecreateInput,
} from "./activationContext.ts";
import { unprovided } from "../tasks/unprovided.ts";

export type ActivationEvent =
  /** An import is over. */
  | { type: "activation.imported"; finished: FinishedImport }
  /** What an earlier process knew. */
  | { type: "activation.resume"; memory: ActivationMemory }
  /** Something arrived, or the app woke up: look now. */
  | { type: "activation.look" }
  /** The user wants these DMs recreated. */
  | { type: "activation.recreate"; ids: readonly string[] }
  /** The user dismisses conversations, or wants them tracked again. */
  | { type: "activation.dismiss" | "activation.trackAgain"; ids: readonly string[] }
  /** Another installation of the user is online. */
  | { type: "activation.otherInstallation"; atMs: number }
  /** History was asked for from another installation, or is not awaited any more. */
  | { type: "activation.await"; awaited: AwaitedHistory | undefined };

/**
 * Tracks restored conversations until another member's client has made each of them active.
 *
 * Two regions: `tracking` looks (one sync, one listing) at the start, and when the host reports that something arrived. It also looks at
 * an interval that doubles while nothing changes. A conversation counts as active once the messages that a stream missed are fetched, or
 * could not be fetched in time. The region rests in `settled` when every conversation is active. `recreating` recreates one DM after the
 * other: those that the user named, or automatically those that a look has found waiting.
 *
 * Each conversation is a record with a status of its own, stepped by pure functions (`activationSteps`).
 *
 * @example
 * ```ts
 * import { conversationActivationMachine, type FoundLook, fromTask, type Host } from "@xmtp-backup/core";
 * import { createActor } from "xstate";
 *
 * function track(host: Host, ownInboxId: string, ownInstallationId: string) {
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
    /** Recreates a DM, unless the user denied its peer; never fails. */
    recreate: unprovided<RecreateOutcome, RecreateInput>(),
  },
  actions: {
    keepFound: assign((_, { found }: { found: FoundLook }) => ({ found, lookMs: found.tookMs ?? 0 })),
    applyFound: assign(({ context }, { isBackfilled }: { isBackfilled: boolean }) => afterLook(context, isBackfilled)),
    rememberCall: assign({ wasCalled: true }),
    forgetCall: assign({ wasCalled: false }),
    startOver: assign({ delayMs: ({ context }) => context.firstDelayMs }),
    waitLonger: assign({ delayMs: ({ context }) => Math.min(context.delayMs * 2, context.longestDelayMs) }),
    enqueue: assign({ queue: ({ context }, { ids }: { ids: readonly string[] }) => [...new Set([...context.queue, ...ids])] }),
    takeNext: assign(({ context: { queue } }) => ({ recreatingId: queue[0], queue: queue.slice(1) })),
    beginRecreating: assign({ memory: ({ context }) => recordRecreatingBegun(context.memory, context.recreatingId) }),
    applyRecreated: assign({
      memory: ({ context }, { outcome }: { outcome: RecreateOutcome }) => recordRecreated(context.memory, context.recreatingId, outcome),
    }),
    lookAgain: raise({ type: "activation.look" }),
  },
  guards: {
    wasCalled: ({ context }) => context.wasCalled,
    isSettled: ({ context }) => isSettled(context.memory),
    isSettledUncalled: ({ context }) => isSettled(context.memory) && !context.wasCalled,
    needsBackfill: ({ context }, { found }: { found: FoundLook }) =>
      owesBackfill(context.memory.conversations) || activatesAny(context.memory.conversations, { ...found, isBackfilled: false }),
    hasQueue: ({ context }) => context.queue.length > 0,
    canRecreate: ({ context }) => nextToRecreate(context) !== undefined,
  },
  delays: {
    gap: ({ context }) => restAfterLook(context),
    interval: ({ context }) => context.delayMs,
    recreateGap: ({ context }) => context.recreateGapMs,
  },
}).createMachine({
  id: "activation",
  context: ({ input }) => beginActivation(input),
  type: "parallel",
  states: {
    tracking: {
      initial: "deciding",
      on: {
        "activation.look": { actions: "rememberCall" },
        "activation.imported": {
          target: ".deciding",
          actions: ["startOver", assign({ memory: ({ context, event }) => recordImport(context.memory, event.finished) })],
        },
        "activation.resume": {
          target: ".deciding",
          actions: ["startOver", assign({ memory: ({ event }) => settleActivation(event.memory) })],
        },
        "activation.await": {
          target: ".deciding",
          actions: ["startOver", assign({ memory: ({ context, event }) => recordAwaited(context.memory, event.awaited) })],
        },
        "activation.otherInstallation": {
          target: ".deciding",
          actions: ["startOver", assign({ memory: ({ context, event }) => recordOtherInstallation(context.memory, event.atMs) })],
        },
        "activation.dismiss": {
          actions: assign({ memory: ({ context, event }) => setDismissed(context.memory, event.ids, true) }),
        },
        "activation.trackAgain": {
          target: ".deciding",
          actions: assign({ memory: ({ context, event }) => setDismissed(context.memory, event.ids, false) }),
        },
      },
      states: {
        deciding: {
          always: [{ guard: "isSettled", target: "settled" }, { target: "looking" }],
        },
        looking: {
          entry: "forgetCall",
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
          invoke: {
            src: "backfill",
            onDone: { target: "afterwards", actions: { type: "applyFound", params: { isBackfilled: true } } },
            onError: { target: "afterwards", actions: { type: "applyFound", params: { isBackfilled: false } } },
          },
        },
        afterwards: {
          always: [{ guard: "isSettledUncalled", target: "settled" }, { target: "resting" }],
        },
        resting: {
          initial: "quiet",
          after: { interval: { target: "looking", actions: "waitLonger" } },
          states: {
            quiet: {
              after: { gap: "alert" },
            },
            alert: {
              always: { guard: "wasCalled", target: "#activation.tracking.looking" },
              on: { "activation.look": "#activation.tracking.looking" },
            },
          },
        },
        settled: {
          on: { "activation.look": "looking" },
        },
      },
    },
    recreating: {
      initial: "idle",
      on: {
        "activation.recreate": { actions: { type: "enqueue", params: ({ event }) => ({ ids: event.ids }) } },
      },
      states: {
        idle: {
          always: { guard: "hasQueue", target: "choosing", actions: "takeNext" },
        },
        choosing: {
          always: [{ guard: "canRecreate", target: "creating", actions: "beginRecreating" }, { target: "idle" }],
        },
        creating: {
          invoke: {
            src: "recreate",
            input: ({ context }) => nextToRecreate(context) ?? { id: "", peerInboxId: "" },
            onDone: {
              target: "spacing",
              actions: [{ type: "applyRecreated", params: ({ event }) => ({ outcome: event.output }) }, "lookAgain"],
            },
            onError: "spacing",
          },
        },
        spacing: {
          after: { recreateGap: "idle" },
        },
      },
    },
  },
});
