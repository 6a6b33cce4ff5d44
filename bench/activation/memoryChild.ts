// Run with --expose-gc: prints how many bytes tracking takes for each conversation.
import { assign, createActor, enqueueActions, fromTransition, setup } from "xstate";
import type { HostConversation, TrackedConversation } from "@xmtp-backup/core";
import { timeMs } from "./passes.ts";
import { track, trackNote, importNote, type TrackedWorld, waitingListing, waitingNote } from "./trackedWorld.ts";

/** Bytes for each conversation: read from the journal's note, brought by a restore, all active, and with a subscriber to each. */
export type MemoryUse = {
  resumed: number;
  restored: number;
  active: number;
  withSubscriberEach: number;
  machines: ActorUse;
  transitions: ActorUse;
};
/** What an XState actor for each conversation takes: bytes, and the time until all of them have become active. */
export type ActorUse = { bytesEach: number; allActiveMs: number };

const count = Number(process.argv[2]);
const listing = waitingListing(count);
const text = JSON.stringify(waitingNote(listing));
const keep: unknown[] = [];

/** What an earlier measurement left goes only after the event loop has turned: until nothing more goes, it is not over. */
async function heapBytes(): Promise<number> {
  let bytes = Infinity;
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc?.();
    const { heapUsed } = process.memoryUsage();
    if (heapUsed > bytes - count) return heapUsed;
    bytes = heapUsed;
  }
}

// What backups take that track nothing is no cost of a conversation.
const empty = await trackNote(JSON.stringify(waitingNote(waitingListing(1))), waitingListing(1));
empty.backups.stop();
const notes = { restoring: JSON.stringify(importNote(listing)) };
const restored = await measureListed((own) => track(notes, own));
const active = await measureListed(async (own) => {
  const world = await trackNote(text, own);
  for (const conversation of own) conversation.isActive = true;
  return world;
});
const beforeBytes = await heapBytes();
const world = await trackNote(text, listing);
await world.look();
const resumed = ((await heapBytes()) - beforeBytes) / count;
for (const { id } of listing) keep.push(world.backups.conversation(id).state$.subscribe());
const withSubscriberEach = ((await heapBytes()) - beforeBytes) / count;

const machine = setup({
  types: {
    context: {} as { conversation: TrackedConversation },
    input: {} as TrackedConversation,
    events: {} as { type: "active" } | { type: "stall" },
  },
}).createMachine({
  context: ({ input }) => ({ conversation: input }),
  initial: "waiting",
  states: { waiting: { on: { active: "active", stall: "stalled" } }, stalled: { on: { active: "active" } }, active: {} },
});
const transition = fromTransition(
  (conversation: TrackedConversation, { type }: { type: "active" | "stall" }) => ({
    ...conversation,
    status: type === "active" ? type : ("stalled" as const),
  }),
  ({ input }: { input: TrackedConversation }) => input,
);

const use: MemoryUse = {
  resumed,
  restored,
  active,
  withSubscriberEach,
  machines: await measureActors(machine),
  transitions: await measureActors(transition),
};
process.stdout.write(`${JSON.stringify(use)}\n`);
keep.length = 0;

/** The client's listing goes, as the SDK's does; what the plugin has kept of it stays and counts. */
async function measureListed(start: (own: HostConversation[]) => Promise<TrackedWorld>): Promise<number> {
  const before = await heapBytes();
  const own = waitingListing(count);
  const world = await start(own);
  await world.look();
  own.length = 0;
  const bytes = ((await heapBytes()) - before) / count;
  world.backups.stop();
  return bytes;
}

async function measureActors(logic: typeof machine | typeof transition): Promise<ActorUse> {
  const before = await heapBytes();
  const { conversations } = JSON.parse(text) as { conversations: TrackedConversation[] };
  const parent = createActor(
    setup({
      actors: { child: logic as typeof machine },
      types: { context: {} as { children: { send(event: { type: "active" }): void }[] }, events: {} as { type: "all" } },
    }).createMachine({
      context: { children: [] },
      entry: assign({ children: ({ spawn }) => conversations.map((input) => spawn("child", { input })) }),
      on: {
        all: {
          actions: enqueueActions(({ context, enqueue }) =>
            context.children.forEach((child) => enqueue.sendTo(child as never, { type: "active" } as never)),
          ),
        },
      },
    }),
  );
  parent.start();
  const bytes = ((await heapBytes()) - before) / count;
  return { bytesEach: bytes, allActiveMs: timeMs(() => parent.send({ type: "all" })) };
}
