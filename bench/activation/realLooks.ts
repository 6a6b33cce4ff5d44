import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { nodeHost } from "@xmtp-backup/node";
import { knownConversations } from "../../packages/node/src/host/knownConversations.ts";
import { type Clients, openClients } from "../../packages/node/test/support/openClients.ts";
import { computedFrom, median } from "../shared/figure.ts";
import { atMost, beside, type Result } from "../shared/result.ts";
import { type RestoredClient, restoreClient } from "./restoredClient.ts";
import { trackNote, waitingListing, waitingNote } from "./trackedWorld.ts";

const conversations = 1_000;
const rounds = 9;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** How often an app asks that polls. */
const pollEveryMs = 5_000;
/** The wait between two looks, in seconds, however much arrives: ten times as long as a look took, within these bounds. */
const gapSeconds = (lookSeconds: number) => Math.max(1, Math.min(10 * lookSeconds, 5));

type Cost = { seconds: number; cpuSeconds: number; pauseMs: number };

/** What one look asks of the real SDK, beside asking each conversation whether it is active, as an app without a plugin does. */
export async function* run(note: (line: string) => void): AsyncGenerator<Result> {
  const clients: Clients = await openClients();
  try {
    note(`restoring ${conversations.toLocaleString("en")} conversations …`);
    const restored = await restoreClient(clients, conversations);
    const { look, list, listThroughHost, poll, pollKept } = await costsOf(await waysOf(restored), note);
    restored.backups.stop();

    const aLook = look.cpuSeconds / poll.cpuSeconds;
    const hour = (aLook * (await looksIn(hourMs))) / (hourMs / pollEveryMs);
    const minute = (aLook * (await looksIn(minuteMs))) / (minuteMs / pollEveryMs);
    const busyMinute = (aLook * (60 / (gapSeconds(look.seconds) + look.seconds))) / (minuteMs / pollEveryMs);
    yield atMost("CPU of the first quiet hour ÷ polling each conversation", computedFrom(rounds, hour), 0.05, "×");
    yield beside("CPU of the first quiet minute ÷ polling", computedFrom(rounds, minute), "×");
    yield beside("CPU of a minute in which always something arrives ÷ polling", computedFrom(rounds, busyMinute), "×");
    yield beside("CPU of one look at 1,000 ÷ one round of polling them", computedFrom(rounds, aLook), "×");
    yield beside("CPU of asking 1,000 kept SDK objects ÷ one look", computedFrom(rounds, pollKept.cpuSeconds / look.cpuSeconds), "×");
    yield beside("one look at 1,000 ÷ the SDK's own listing", computedFrom(rounds, look.seconds / list.seconds), "×");
    yield atMost("longest pause of the event loop in a look at 1,000", computedFrom(rounds, look.pauseMs), 50, "ms");
    yield beside("longest pause of the event loop in the SDK's own listing", computedFrom(rounds, list.pauseMs), "ms");
    yield beside("longest pause of the event loop in the host's full listing", computedFrom(rounds, listThroughHost.pauseMs), "ms");
  } finally {
    await clients.dispose();
  }
}

async function waysOf({ client, ids, look }: RestoredClient) {
  const host = nodeHost(client);
  const kept = await Promise.all(ids.map((id) => client.conversations.getConversationById(id)));
  return {
    look,
    list: async () => void knownConversations(client).listAll(),
    listThroughHost: async () => void (await host.listConversations()),
    async poll() {
      for (const id of ids) if ((await client.conversations.getConversationById(id))?.isActive) throw new Error("None is active.");
    },
    async pollKept() {
      if (kept.some((conversation) => conversation?.isActive)) throw new Error("None is active.");
    },
  };
}

/** All take turns, so that they see the same machine. */
async function costsOf<Name extends string>(
  ways: Record<Name, () => Promise<void>>,
  note: (line: string) => void,
): Promise<Record<Name, Cost>> {
  const names = Object.keys(ways) as Name[];
  const costs = names.map((): Cost[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, name] of names.entries()) costs[index]?.push(await costOf(ways[name]));
  }
  const medians = names.map((name, index): [Name, Cost] => {
    const middle = (pick: keyof Cost) => median((costs[index] ?? []).map((cost) => cost[pick]));
    const cost = { seconds: middle("seconds"), cpuSeconds: middle("cpuSeconds"), pauseMs: middle("pauseMs") };
    note(
      `  ${name}: ${(cost.seconds * 1_000).toFixed(0)} ms, ${(cost.cpuSeconds * 1_000).toFixed(0)} ms of CPU, longest pause ${cost.pauseMs.toFixed(0)} ms`,
    );
    return [name, cost];
  });
  return Object.fromEntries(medians) as Record<Name, Cost>;
}

async function costOf(work: () => Promise<void>): Promise<Cost> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  // A pause is seen by the timer that it delays: one has to wait before the work begins, and one to fire after it.
  await wait(5);
  delay.reset();
  // The first firing after a reset counts for nothing.
  await wait(5);
  const [before, startMs] = [process.cpuUsage(), performance.now()];
  await work();
  const seconds = (performance.now() - startMs) / 1_000;
  const { user, system } = process.cpuUsage(before);
  await wait(5);
  delay.disable();
  return { seconds, cpuSeconds: (user + system) / 1e6, pauseMs: delay.max / 1e6 };
}

/** How often the plugin looks in the time after a restore when nothing happens. */
async function looksIn(durationMs: number): Promise<number> {
  const listing = waitingListing(10);
  const world = await trackNote(JSON.stringify(waitingNote(listing)), listing);
  for (let passedMs = 0; passedMs < durationMs; passedMs += 1_000) {
    world.clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  world.backups.stop();
  return world.looks;
}
