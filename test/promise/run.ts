import { type ArchiveEntry, isBackupError } from "@xmtp-backup/core";
import { fakeInbox } from "@xmtp-backup/testing";
import { expect } from "vitest";
import { keysOnPaper, mostMessages, type WholeArchive, wholeArchives } from "./look.ts";
import type { Step } from "./steps.ts";
import { type PlaceMemory, remember, tamper } from "./tamper.ts";
import { type Phone, emptyInbox, type World } from "./world.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** What a run has seen so far. */
type Seen = { entries: ArchiveEntry[]; memory: PlaceMemory; messages: Set<string>; written: number };

/** Plays the steps against a world and holds the promise after each of them. */
export async function keepsThePromise(world: World, steps: readonly Step[]): Promise<void> {
  const seen: Seen = { entries: [], memory: { manifests: [], archives: [], documents: [] }, messages: new Set(), written: 0 };
  const isOpen = world.place === world.open;
  remember(seen.memory, world.open);
  let before = await wholeArchives(world, world.place);
  for (const step of steps) {
    await play(world, step, seen);
    const after = await wholeArchives(world, world.place);
    if (step.kind !== "tamper" || !isOpen) assertKept(before, after);
    before = after;
    remember(seen.memory, world.open);
  }
  if (!isOpen) {
    await settle(world);
    await assertReadable(world, await wholeArchives(world, world.place));
  }
}

/** The faults end, and each phone sees to what a place missed: the mirror's repair, and the ring's ways out. */
async function settle(world: World): Promise<void> {
  world.way.calm();
  for (const phone of world.phones) {
    world.restart(phone);
    const { mirror, ring } = phone.process;
    await tried(ring.putBack());
    await mirror?.repair();
    await tried(ring.open(world.slot));
  }
  for (const { process } of world.phones) await process.mirror?.repair();
}

/** Whoever has the paper and the place opens every archive in it. */
async function assertReadable(world: World, archives: readonly WholeArchive[]): Promise<void> {
  const keys = await keysOnPaper(world, world.place);
  for (const { keyFingerprint } of archives) expect(keys.has(keyFingerprint), "the key of an archive").toBe(true);
}

/** The plugin never takes the last whole archive, never a pinned one, and never most of the history. */
function assertKept(before: readonly WholeArchive[], after: readonly WholeArchive[]): void {
  if (before.length > 0) expect(after, "the last whole archive").not.toHaveLength(0);
  expect(mostMessages(after) * 2, "half of the history").toBeGreaterThanOrEqual(mostMessages(before));
  for (const { isPinned, messages } of before)
    if (isPinned)
      expect(
        after.some((other) => isSame(other.messages, messages)),
        "the pinned archive",
      ).toBe(true);
}

async function play(world: World, step: Step, seen: Seen): Promise<void> {
  const phone = "phone" in step ? (world.phones[step.phone % world.phones.length] as Phone) : (world.phones[0] as Phone);
  const { backups } = phone.process;
  const entry = "which" in step ? seen.entries[step.which % Math.max(seen.entries.length, 1)] : undefined;

  switch (step.kind) {
    case "write":
      write(world, phone, step.messages, seen);
      break;
    case "backUp":
      await backUp(world, phone, step, seen);
      break;
    case "restore":
      if (entry) await restore(world, phone, entry, step, seen);
      break;
    case "start":
      await tried(backups.start());
      backups.stop();
      world.restart(phone);
      break;
    case "pin":
      if (entry) await tried(backups.pin(entry.id));
      break;
    case "verify":
      if (entry) await tried(backups.verify(entry.id));
      break;
    case "rotate":
      await orDeath(world, phone, step.death, async () => {
        await tried(phone.process.ring.rotate());
      });
      break;
    case "openRing":
      await tried(phone.process.ring.open(world.slot));
      break;
    case "putRingBack":
      await orDeath(world, phone, step.death, async () => {
        await tried(phone.process.ring.putBack());
      });
      break;
    case "repair":
      await orDeath(world, phone, step.death, async () => {
        await phone.process.mirror?.repair();
      });
      break;
    case "rekey":
      if (!entry) break;
      await orDeath(world, phone, step.death, async () => {
        await tried(backups.rekey(entry.id));
      });
      break;
    case "wipe":
      phone.inbox = emptyInbox();
      world.restart(phone);
      break;
    case "revoke":
      // One phone stays: the user's.
      if (phone !== world.phones[0]) phone.isRevoked = true;
      for (const each of world.phones) world.restart(each);
      break;
    case "setClock":
      phone.offsetMs = step.offsetMs;
      break;
    case "wait":
      world.clock.advance(step.days * dayMs);
      break;
    case "fail":
      world.way.fail(step.call, step.times);
      break;
    case "tamper":
      tamper(world.open, seen.memory, step);
      break;
    case "loseAnswer":
      world.way.loseAnswer(step.call);
      break;
  }
}

function write(world: World, phone: Phone, count: number, seen: Seen): void {
  seen.written += 1;
  const startNs = BigInt(world.clock.now()) * 1_000_000n + BigInt(seen.written);
  const { conversations, consent } = fakeInbox({ groups: 1, messagesEach: count, startNs });
  const [first] = conversations.values();
  const id = String(seen.written).padStart(32, "0");
  if (!first) return;
  const messages = new Map(
    [...first.messages.values()].map((message, index) => [
      `${id}${index}`.padStart(64, "0"),
      { ...message, id: `${id}${index}`.padStart(64, "0") },
    ]),
  );
  phone.inbox.conversations.set(id, { ...first, id, messages });
  phone.inbox.consent.push(...consent.map((record) => ({ ...record, entity: id })));
  for (const message of messages.keys()) seen.messages.add(message);
}

async function backUp(world: World, phone: Phone, { part, death }: Extract<Step, { kind: "backUp" }>, seen: Seen): Promise<void> {
  const held = messagesIn(phone);
  const nowNs = BigInt(world.clock.now()) * 1_000_000n;
  const options =
    part === "whole"
      ? {}
      : part === "consent"
        ? { elements: ["consent" as const] }
        : { startNs: nowNs > 86_400_000_000_000n ? nowNs - 86_400_000_000_000n : 0n };
  await orDeath(world, phone, death, async () => {
    const result = await tried(phone.process.backups.backup(options).result);
    if (!result) return;
    seen.entries.push(result.entry);
    if (part !== "whole") return;
    const made = await findWhole(world, result.entry.id);
    expect(made, "an archive that was said to be stored").toBeDefined();
    expect([...(made?.messages ?? [])].sort(), "what it holds").toEqual([...held].sort());
  });
}

async function restore(
  world: World,
  phone: Phone,
  entry: ArchiveEntry,
  { isStale, death }: Extract<Step, { kind: "restore" }>,
  seen: Seen,
): Promise<void> {
  const before = structuredClone(phone.inbox);
  const listed = isStale ? entry : ((await tried(phone.process.backups.list()))?.find(({ id }) => id === entry.id) ?? entry);
  const died = await orDeath(world, phone, death, async () => {
    const result = await tried(phone.process.backups.restore(listed).result);
    if (!result) return;
    const isThere = await findWhole(world, entry.id);
    const held = messagesIn(phone);
    expect(result.messages.restored, "what it says it brought").toBeLessThanOrEqual(held.size);
    if (isThere) {
      expect(result.messages.expected).toBe(isThere.messages.size);
      expect([...isThere.messages].filter((id) => held.has(id)).length, "what it says it brought").toBe(result.messages.restored);
    } else {
      expect(
        listed.details && (listed.details.missingMessages || listed.details.elements.length < 2 || listed.details.startNs !== undefined),
        "a restore of what is not whole",
      ).toBeTruthy();
    }
  });
  for (const id of messagesIn(phone)) expect(seen.messages.has(id), "a message that nobody wrote").toBe(true);
  // A power cut takes what the SDK's database had not flushed; the plugin's note may have outlived it.
  if (died && death?.withPower) phone.inbox = before;
  if (died) world.restart(phone);
}

/** The archive, if it lies whole in one of the places. */
async function findWhole(world: World, id: string): Promise<WholeArchive | undefined> {
  for (const place of [world.place, world.open]) {
    const found = (await wholeArchives(world, place)).find((archive) => archive.id === id);
    if (found) return found;
  }
  return undefined;
}

/** Runs work in the phone's process, which may die of it; then its next process begins. */
async function orDeath(
  world: World,
  phone: Phone,
  death: { afterCalls: number; when: "before" | "after" } | undefined,
  work: () => Promise<void>,
): Promise<boolean> {
  const { mortal } = phone.process;
  if (death) mortal.dieAt(death);
  await Promise.race([work(), mortal.died]);
  if (mortal.isDead) {
    world.restart(phone);
    return true;
  }
  mortal.dieAt({ afterCalls: Infinity, when: "before" });
  return false;
}

/** What the plugin refuses it refuses with an error of ours. */
async function tried<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!isBackupError(error)) throw error;
    return undefined;
  }
}

function messagesIn({ inbox }: Phone): Set<string> {
  return new Set([...inbox.conversations.values()].flatMap(({ messages }) => [...messages.keys()]));
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id));
}
