import { createBackups } from "@xmtp-backup/core";
import { nodeHost } from "@xmtp-backup/node";
import { memoryKeys, memoryStore } from "@xmtp-backup/testing";
import type { Client, Group } from "@xmtp/node-sdk";
import { openClients } from "../../packages/node/test/support/openClients.ts";
import { type Figure, medianOf } from "../shared/figure.ts";
import { atMost, beside, type Result } from "../shared/result.ts";
import { secondsOf } from "../shared/timed.ts";
import { tracked } from "./passes.ts";
import { trackNote, waitingListing, waitingNote } from "./trackedWorld.ts";

const target = 1.05;
const rounds = 41;

/** What a call on an active conversation costs through `guardWrites`, beside the same call on the conversation itself. */
export async function* run(): AsyncGenerator<Result> {
  yield beside("guarded ÷ bare: a call that does nothing, 10,000 tracked", await emptyCallRatio(), "×");
  const clients = await openClients();
  try {
    const client: Client = await clients.open(clients.createSigner(), { encrypted: false });
    const backups = createBackups({ host: nodeHost(client), store: memoryStore(), keys: memoryKeys() });
    const group = await client.conversations.createGroup([]);
    const guarded = backups.guardWrites(group);
    const ratio = (call: (conversation: Group) => unknown, calls: number) =>
      ratioOf(
        repeat(() => call(guarded), calls),
        repeat(() => call(group), calls),
      );
    yield atMost("guarded ÷ bare: publishMessages, which is guarded", await ratio((each) => each.publishMessages(), 100), target, "×");
    yield atMost(
      "guarded ÷ bare: messages({ limit: 1 }), which passes through",
      await ratio((each) => each.messages({ limit: 1 }), 300),
      target,
      "×",
    );
    yield beside("guarded ÷ bare: isActive, a property", await ratio((each) => each.isActive, 300), "×");
    backups.stop();
  } finally {
    await clients.dispose();
  }
}

/** The harshest divisor there is: all that is left is the guard itself. */
async function emptyCallRatio(): Promise<Figure> {
  const listing = waitingListing(tracked);
  const world = await trackNote(JSON.stringify(waitingNote(listing)), listing);
  for (const conversation of listing) conversation.isActive = true;
  await world.look();
  const bare = { id: listing[0]?.id ?? "", sendText: async () => undefined };
  const guarded = world.backups.guardWrites(bare);
  const ratio = await ratioOf(
    repeat(() => guarded.sendText(), 20_000),
    repeat(() => bare.sendText(), 20_000),
  );
  world.backups.stop();
  return ratio;
}

function repeat(call: () => unknown, calls: number): () => Promise<void> {
  return async () => {
    for (let count = 0; count < calls; count += 1) await call();
  };
}

/** Both take turns, and each pair gives a ratio: a slow moment of the machine falls on both. */
async function ratioOf(ours: () => Promise<unknown>, theirs: () => Promise<unknown>): Promise<Figure> {
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const isFirst = round % 2 === 0;
    const [first, second] = isFirst ? [ours, theirs] : [theirs, ours];
    const [one, other] = [await secondsOf(first), await secondsOf(second)];
    ratios.push(isFirst ? one / other : other / one);
  }
  return medianOf(ratios);
}
