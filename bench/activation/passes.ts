import { computedFrom, type Figure, median, medianOf, once } from "../shared/figure.ts";
import { atMost, beside, type Result } from "../shared/result.ts";
import { trackNote, type TrackedWorld, waitingListing, waitingNote } from "./trackedWorld.ts";

export const tracked = 10_000;
const targetMs = 50;
const rounds = 41;
const subscribers = 1_000;

/** How long one look thinks once the client has listed what it has, and who hears of it. */
export async function* run(): AsyncGenerator<Result> {
  const text = JSON.stringify(waitingNote(waitingListing(tracked)));
  const named = (what: string) => `one look with ${tracked.toLocaleString("en")} tracked, ${what}`;

  const quiet = await start(text);
  yield atMost(named("nothing changed"), await medianLook(quiet), targetMs, "ms");
  yield atMost(named("one became active"), await medianLook(quiet, (round) => activate(quiet, round)), targetMs, "ms");
  quiet.backups.stop();

  const all: number[] = [];
  for (let round = 0; round < 9; round += 1) {
    const world = await start(text);
    for (let index = 0; index < tracked; index += 1) activate(world, index);
    all.push(await world.look());
    world.backups.stop();
  }
  yield atMost(named("all became active"), medianOf(all), targetMs, "ms");

  yield atMost("looks until a subscriber hears of an activation", once(await looksUntilHeard(text)), 1, "looks");
  yield atMost("the same when it happens while a look is under way", once(await looksUntilHeard(text, { duringLook: true })), 1, "looks");
  yield atMost(
    `a look with nothing changed, ${subscribers.toLocaleString("en")} subscribers to none`,
    computedFrom(rounds, await subscriberRatio(text)),
    1.2,
    "×",
  );

  const parsed = JSON.parse(text) as unknown;
  const writes = Array.from({ length: 11 }, () => timeMs(() => JSON.stringify(parsed)));
  yield beside("making the note's text after a change", medianOf(writes), "ms");
  yield beside("the note's length", once(text.length / 1e6), "MB");
}

function start(text: string): Promise<TrackedWorld> {
  return trackNote(text, waitingListing(tracked));
}

function activate({ listing }: TrackedWorld, index: number): void {
  const conversation = listing[index];
  if (conversation) listing[index] = { ...conversation, isActive: true, addedByInboxId: "bob" };
}

async function medianLook(world: TrackedWorld, change?: (round: number) => void): Promise<Figure> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    change?.(round);
    times.push(await world.look());
  }
  return medianOf(times);
}

/** How many looks begin after a conversation became active until a subscriber hears of it, once the host has said that something arrived. */
async function looksUntilHeard(text: string, { duringLook = false } = {}): Promise<number> {
  const world = await start(text);
  const heard = { active: 0 };
  world.backups.activation$.subscribe(({ active }) => (heard.active = active));
  const underWay = duringLook ? world.look() : undefined;
  // By then the look has its listing, in which the conversation still waits.
  if (duringLook) await world.listed();
  activate(world, tracked - 1);
  const before = world.looks;
  world.backups.lookNow();
  await underWay;
  while (heard.active === 0 && world.looks - before < 10) await world.pass();
  world.backups.stop();
  return world.looks - before;
}

/** One look without subscribers and one with them take turns, so that both see the same machine. */
async function subscriberRatio(text: string): Promise<number> {
  const [alone, heard] = [await start(text), await start(text)];
  let calls = 0;
  const [first, second] = [() => (calls += 1), () => (calls += 1)];
  for (let index = 0; index < subscribers; index += 1) {
    heard.backups.activation$.subscribe(first);
    heard.backups.conversation(heard.listing[index]?.id ?? "").state$.subscribe(second);
  }
  const callsBefore = calls;
  const times: { alone: number[]; heard: number[] } = { alone: [], heard: [] };
  for (let round = 0; round < rounds; round += 1) {
    times.alone.push(await alone.look());
    times.heard.push(await heard.look());
  }
  if (calls !== callsBefore) throw new Error(`Nothing had changed, and subscribers were called ${calls - callsBefore} times.`);
  alone.backups.stop();
  heard.backups.stop();
  return median(times.heard) / median(times.alone);
}

export function timeMs(work: () => unknown): number {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
}
