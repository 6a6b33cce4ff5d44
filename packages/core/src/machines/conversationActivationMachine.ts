import { assign, setup } from "xstate";
import type { TrackedConversation } from "../model/activation.ts";
import type { HostConversation } from "../model/conversation.ts";
import { addTracked, applyListing, isEveryActive } from "../policy/trackConversations.ts";
import { unprovided } from "./unprovided.ts";

export type ActivationInput = {
  conversations?: readonly TrackedConversation[];
  /** Wait before the second look, in milliseconds; it doubles while nothing changes. @default 5_000 */
  firstDelayMs?: number;
  /** The longest wait between two looks, in milliseconds. @default 1_800_000 */
  longestDelayMs?: number;
  /** The shortest wait between two looks, in milliseconds, however much arrives. @default 1_000 */
  gapMs?: number;
};

type ActivationContext = {
  conversations: readonly TrackedConversation[];
  /** What the last look found, until the messages that belong to it are there. */
  listing?: Listing | undefined;
  /** Something arrived since the last look began. */
  wasCalled: boolean;
  delayMs: number;
  gapMs: number;
  firstDelayMs: number;
  longestDelayMs: number;
};

export type ActivationEvent =
  | { type: "activation.track"; conversations: readonly TrackedConversation[] }
  /** Something arrived, or the app woke up: look now. */
  | { type: "activation.look" };

/** What a look found, and when. */
export type Listing = { conversations: HostConversation[]; atMs: number };

/**
 * Follows restored conversations until another member's client has made each of them active.
 *
 * It looks (one sync, one listing) at the start, when the host reports that something arrived, and at an interval that
 * doubles while nothing changes. A conversation counts as active once the messages that a stream missed are fetched, so
 * that the one which activated it is there. It rests in `settled` when every conversation is active.
 */
export const conversationActivationMachine = setup({
  types: {
    context: {} as ActivationContext,
    events: {} as ActivationEvent,
    input: {} as ActivationInput,
  },
  actors: {
    look: unprovided<Listing>(),
    backfill: unprovided(),
  },
  actions: {
    track: assign({
      conversations: ({ context }, { conversations }: { conversations: readonly TrackedConversation[] }) =>
        addTracked(context.conversations, conversations),
      delayMs: ({ context }) => context.firstDelayMs,
    }),
    keepListing: assign({ listing: (_, { listing }: { listing: Listing }) => listing }),
    applyListing: assign({ conversations: ({ context }) => (context.listing ? changedBy(context, context.listing) : context.conversations), listing: undefined }),
    rememberCall: assign({ wasCalled: true }),
    forgetCall: assign({ wasCalled: false }),
    startOver: assign({ delayMs: ({ context }) => context.firstDelayMs }),
    waitLonger: assign({ delayMs: ({ context }) => Math.min(context.delayMs * 2, context.longestDelayMs) }),
  },
  guards: {
    wasCalled: ({ context }) => context.wasCalled,
    isEveryActive: ({ context }) => isEveryActive(context.conversations),
    changesAny: ({ context }, { listing }: { listing: Listing }) => changedBy(context, listing) !== context.conversations,
  },
  delays: {
    gap: ({ context }) => context.gapMs,
    interval: ({ context }) => context.delayMs,
  },
}).createMachine({
  id: "activation",
  context: ({ input: { conversations = [], firstDelayMs = 5_000, longestDelayMs = 1_800_000, gapMs = 1_000 } }) => ({
    conversations,
    wasCalled: false,
    gapMs,
    delayMs: firstDelayMs,
    firstDelayMs,
    longestDelayMs,
  }),
  initial: "deciding",
  on: {
    "activation.track": {
      target: ".deciding",
      actions: { type: "track", params: ({ event }) => ({ conversations: event.conversations }) },
    },
  },
  states: {
    deciding: {
      always: [{ guard: "isEveryActive", target: "settled" }, { target: "looking" }],
    },
    looking: {
      entry: "forgetCall",
      on: { "activation.look": { actions: "rememberCall" } },
      invoke: {
        src: "look",
        onDone: [
          {
            guard: { type: "changesAny", params: ({ event }) => ({ listing: event.output }) },
            target: "backfilling",
            actions: { type: "keepListing", params: ({ event }) => ({ listing: event.output }) },
          },
          { target: "resting" },
        ],
        onError: "resting",
      },
    },
    backfilling: {
      on: { "activation.look": { actions: "rememberCall" } },
      exit: ["applyListing", "startOver"],
      invoke: { src: "backfill", onDone: "afterwards", onError: "afterwards" },
    },
    afterwards: {
      always: [{ guard: "isEveryActive", target: "settled" }, { target: "resting" }],
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
          always: { guard: "wasCalled", target: "#activation.looking" },
          on: { "activation.look": "#activation.looking" },
        },
      },
    },
    settled: {},
  },
});

function changedBy(context: ActivationContext, { conversations, atMs }: Listing): readonly TrackedConversation[] {
  return applyListing(context.conversations, conversations, atMs);
}
