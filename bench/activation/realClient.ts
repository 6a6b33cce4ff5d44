import { monitorEventLoopDelay } from "node:perf_hooks";
import { createBackups, generateArchiveKey } from "@xmtp-backup/core";
import { nodeHost } from "@xmtp-backup/node";
import { memoryKeys, memoryStore } from "@xmtp-backup/testing";
import type { Client, Group } from "@xmtp/node-sdk";
import { archiveOf } from "../../packages/node/test/support/archiveOf.ts";
import { openClients, shortText } from "../clients.ts";
import { atMost, median, type Result, secondsOf } from "../result.ts";
import { followNote, waitingListing, waitingNote } from "./trackedWorld.ts";

const conversations = 1_000;
const rounds = 9;
const guardedCalls = 300;
const guardRounds = 31;
const hourMs = 3_600_000;
/** How often an app asks that polls. */
const pollEveryMs = 5_000;

/** What one look asks of the real SDK, beside asking each conversation whether it is active, as an app without a plugin does. */
export async function* run(note: (line: string) => void): AsyncGenerator<Result> {
  const clients = await openClients();
  try {
    const client = await clients.open(clients.createSigner(), { encrypted: false });
    const key = generateArchiveKey();
    const backups = createBackups({ host: nodeHost(client), store: memoryStore(), keys: memoryKeys(key) });
    note(`restoring ${conversations.toLocaleString("en")} conversations …`);
    const archive = await archiveOf(client.inboxId, Array.from({ length: conversations }, () => [shortText]), key);
    const { inactiveConversationIds: ids } = await backups.restore(archive).result;
    backups.stop();

    const host = nodeHost(client);
    const look = async () => {
      await host.syncConversations();
      await host.listConversations({ ids, peerInboxIds: [] });
    };
    const poll = async () => {
      for (const id of ids) if ((await client.conversations.getConversationById(id))?.isActive) throw new Error("None is active.");
    };
    const [looks, polls] = [await looksInFirstHour(), hourMs / pollEveryMs];
    const ratio = await ratioOf(look, poll);
    note(`one look to one round of polling ${ids.length.toLocaleString("en")} conversations: ${ratio.toFixed(2)}; ${looks} looks in the first quiet hour, ${polls} rounds of polling every 5 s`);
    yield atMost("the first quiet hour to that of polling each conversation", (ratio * looks) / polls, 0.05, "×");
    yield atMost("the longest pause of the event loop in a look at 1,000", await longestPauseMs(look), 50, "ms");
    yield atMost("a guarded call on an active conversation to a bare one", await guardRatio(client), 1.05, "×");
  } finally {
    await clients.dispose();
  }
}

/** How often the plugin looks in the hour after a restore when nothing happens. */
async function looksInFirstHour(): Promise<number> {
  const listing = waitingListing(10);
  const world = await followNote(JSON.stringify(waitingNote(listing)), listing);
  for (let passedMs = 0; passedMs < hourMs; passedMs += 1_000) {
    world.clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  world.backups.stop();
  return world.looks;
}

/** Both take turns, so that both see the same machine. */
async function ratioOf(ours: () => Promise<unknown>, theirs: () => Promise<unknown>, times = rounds): Promise<number> {
  const [mine, other]: [number[], number[]] = [[], []];
  for (let round = 0; round < times; round += 1) {
    mine.push(await secondsOf(ours));
    other.push(await secondsOf(theirs));
  }
  return median(mine) / median(other);
}

async function longestPauseMs(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  delay.disable();
  return delay.max / 1e6;
}

async function guardRatio(client: Client): Promise<number> {
  const backups = createBackups({ host: nodeHost(client), store: memoryStore(), keys: memoryKeys() });
  const group: Group = await client.conversations.createGroup([]);
  const guarded = backups.guardWrites(group);
  const sync = (conversation: Group) => async () => {
    for (let call = 0; call < guardedCalls; call += 1) await conversation.publishMessages();
  };
  return ratioOf(sync(guarded), sync(group), guardRounds);
}
