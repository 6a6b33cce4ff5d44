// Run with --expose-gc: prints how many bytes following takes for each conversation.
import { assign, createActor, enqueueActions, fromTransition, setup } from "xstate";
import type { TrackedConversation } from "@xmtp-backup/core";
import { timeMs } from "./passes.ts";
import { followNote, waitingListing, waitingNote } from "./trackedWorld.ts";

export type MemoryUse = { bytesEach: number; withSubscriberEach: number; machines: ActorUse; transitions: ActorUse };
/** What an XState actor for each conversation takes: bytes, and the time until all of them have become active. */
export type ActorUse = { bytesEach: number; allActiveMs: number };

const count = Number(process.argv[2]);
const listing = waitingListing(count);
const text = JSON.stringify(waitingNote(listing));
const keep: unknown[] = [];

function heapBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

// What backups take that follow nothing is no cost of a conversation.
const empty = await followNote(JSON.stringify(waitingNote(waitingListing(1))), waitingListing(1));
empty.backups.stop();
const beforeBytes = heapBytes();
const world = await followNote(text, listing);
await world.look();
const bytesEach = (heapBytes() - beforeBytes) / count;
for (const { id } of listing) keep.push(world.backups.conversation(id).state$.subscribe());
const withSubscriberEach = (heapBytes() - beforeBytes) / count;

const follow = setup({ types: { context: {} as { conversation: TrackedConversation }, input: {} as TrackedConversation, events: {} as { type: "active" } | { type: "stall" } } }).createMachine({
  context: ({ input }) => ({ conversation: input }),
  initial: "waiting",
  states: { waiting: { on: { active: "active", stall: "stalled" } }, stalled: { on: { active: "active" } }, active: {} },
});
const step = fromTransition((conversation: TrackedConversation, { type }: { type: "active" | "stall" }) => ({ ...conversation, status: type === "active" ? type : ("stalled" as const) }), ({ input }: { input: TrackedConversation }) => input);

const use: MemoryUse = { bytesEach, withSubscriberEach, machines: measureActors(follow), transitions: measureActors(step) };
process.stdout.write(`${JSON.stringify(use)}\n`);
keep.length = 0;

function measureActors(logic: typeof follow | typeof step): ActorUse {
  const before = heapBytes();
  const { conversations } = JSON.parse(text) as { conversations: TrackedConversation[] };
  const parent = createActor(
    setup({ actors: { child: logic as typeof follow }, types: { context: {} as { children: { send(event: { type: "active" }): void }[] }, events: {} as { type: "all" } } }).createMachine({
      context: { children: [] },
      entry: assign({ children: ({ spawn }) => conversations.map((input) => spawn("child", { input })) }),
      on: { all: { actions: enqueueActions(({ context, enqueue }) => context.children.forEach((child) => enqueue.sendTo(child as never, { type: "active" } as never))) } },
    }),
  );
  parent.start();
  const bytes = (heapBytes() - before) / count;
  return { bytesEach: bytes, allActiveMs: timeMs(() => parent.send({ type: "all" })) };
}
