import { setImmediate as turn } from "node:timers/promises";
import { type Backups, createBackups, type Imported } from "@xmtp-backup/core";
import { type FakeHost, fakeHistoryServer, fakeHost, type FakeHostOptions, fakeInbox, memoryLock } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { world } from "../support/world.ts";

type FakeConversation = FakeHost["inbox"]["conversations"] extends Map<string, infer T> ? T : never;

/** A new installation that has asked for history; the old one holds two groups of three messages. */
async function asked(old: FakeHostOptions = {}, fresh: FakeHostOptions = {}) {
  const { store, keys, clock } = world();
  const historyServer = fakeHistoryServer(clock.now);
  const oldHost = fakeHost({ inbox: fakeInbox(), historyServer, ...old });
  const host = fakeHost({ historyServer, ...fresh });
  const start = (): { backups: Backups; heard: Imported[] } => {
    const backups = createBackups({ host, store, keys, clock, lock: memoryLock() });
    const heard: Imported[] = [];
    backups.imported$.subscribe((imported) => heard.push(imported));
    return { backups, heard };
  };
  const { backups, heard } = start();
  await backups.historySync.request();
  return { clock, oldHost, host, backups, heard, start, history: [...oldHost.inbox.conversations.values()] };
}

type Asked = Awaited<ReturnType<typeof asked>>;

/** As the SDK adds an installation before it imports what another one sent: a conversation is active and empty, and fills in steps. */
function join({ host }: Pick<Asked, "host">, conversation: FakeConversation): FakeConversation {
  const joined = { ...conversation, isActive: true, messages: new Map() };
  host.inbox.conversations.set(joined.id, joined);
  host.emit("conversation");
  return joined;
}

function fill(joined: FakeConversation, { messages }: FakeConversation, from = 0, to = Infinity): void {
  for (const [id, message] of [...messages].slice(from, to)) joined.messages.set(id, message);
}

/** As it is told when all of it is new. */
function whole({ id, messages }: FakeConversation) {
  const times = [...messages.values()].map(({ sentAtNs }) => sentAtNs);
  return { id, importedIds: [id], isNew: true, messages: times.length, firstMessageNs: times[0], lastMessageNs: times.at(-1) };
}

/** Lets time pass until it is so. */
async function passUntil({ clock }: Pick<Asked, "clock">, assertion: () => void, stepMs = 1_000): Promise<void> {
  const ask = () => {
    clock.advance(stepMs);
    assertion();
  };
  await vi.waitFor(ask, { timeout: 4_000, interval: 10 });
}

/** Lets an hour pass, in which everything that waits has its turn. */
async function passAnHour({ clock }: Pick<Asked, "clock">): Promise<void> {
  for (let seconds = 0; seconds < 3_600; seconds += 20) {
    clock.advance(20_000);
    for (let turns = 0; turns < 5; turns += 1) await turn();
  }
}

const first = <T>([one]: readonly T[]): T => one as T;

describe("history that the SDK imports after a request", () => {
  it("default: is told with its messages and times, once", async () => {
    const all = await asked({ answersRequests: true });
    await passUntil(all, () => expect(all.heard).toHaveLength(2));
    await passAnHour(all);
    expect(all.heard).toEqual([
      { conversations: [] },
      { id: expect.any(String) as string, by: "historySync", conversations: all.history.map(whole) },
    ]);
  });

  it("behavior: is told where the conversations became active before their messages came", async () => {
    const all = await asked();
    const joined = all.history.map((each) => join(all, each));
    await all.oldHost.historySync?.send("1");
    for (const [index, each] of joined.entries()) fill(each, all.history[index] as FakeConversation);
    await passUntil(all, () => expect(all.heard).toHaveLength(2));
    await passAnHour(all);
    expect(all.heard.slice(1).map(({ by, conversations }) => [by, conversations])).toEqual([["historySync", all.history.map(whole)]]);
  });

  it("behavior: is told whole, however slowly its messages come", async () => {
    const all = await asked();
    const conversation = first(all.history);
    const joined = join(all, conversation);
    await all.oldHost.historySync?.send("1");
    for (let step = 0; step < 3; step += 1) {
      const counted = vi.spyOn(all.host, "countMessages");
      fill(joined, conversation, step, step + 1);
      await passUntil(all, () => expect(counted).toHaveBeenCalled());
      counted.mockRestore();
    }
    await passUntil(all, () => expect(told(all)).toBe(3));
  });

  it("behavior: into a conversation that was here, what is new alone counts", async () => {
    const inbox = fakeInbox({ groups: 1, messagesEach: 1 });
    const all = await asked({}, { inbox });
    const here = first([...inbox.conversations.values()]);
    await all.oldHost.historySync?.send("1");
    fill(here, first(all.history));
    await passUntil(all, () => expect(all.heard).toHaveLength(2));
    const { id } = here;
    const { firstMessageNs, lastMessageNs } = whole(here);
    expect(all.heard[1]?.conversations).toEqual([{ id, importedIds: [id], messages: 2, firstMessageNs, lastMessageNs }]);
  });

  it("behavior: without an answer nothing is counted, and what arrives by the streams is not told", async () => {
    const all = await asked();
    const counted = vi.spyOn(all.host, "countMessages");
    fill(join(all, first(all.history)), first(all.history));
    await passAnHour(all);
    expect([all.heard.length, counted.mock.calls.length]).toEqual([1, 0]);
  });

  it("behavior: an answer that brings nothing is counted a few times only, and nothing is told", async () => {
    const all = await asked({}, { inbox: fakeInbox() });
    const counted = vi.spyOn(all.host, "countMessages");
    await all.oldHost.historySync?.send("1");
    await passAnHour(all);
    expect(all.heard).toHaveLength(1);
    expect(counted.mock.calls.length).toBeGreaterThan(0);
    expect(counted.mock.calls.length).toBeLessThanOrEqual(9 * 2);
  });

  it("behavior: what is sent after the answer, and a conversation that somebody else begins, are not told", async () => {
    const all = await asked();
    const conversation = first(all.history);
    const joined = join(all, conversation);
    await all.oldHost.historySync?.send("1");
    fill(joined, conversation);
    const sentAtNs = BigInt(all.clock.now() + 60_000) * 1_000_000n;
    joined.messages.set("f".repeat(64), { id: "f".repeat(64), text: "Later", sentAtNs, senderInboxId: "b".repeat(64) });
    join(all, { ...conversation, id: "e".repeat(32) });
    await passUntil(all, () => expect(all.heard).toHaveLength(2));
    expect(all.heard[1]?.conversations).toEqual([whole(conversation)]);
  });

  it("behavior: a restart tells what arrived meanwhile", async () => {
    const all = await asked();
    all.backups.stop();
    const conversation = first(all.history);
    await all.oldHost.historySync?.send("1");
    fill(join(all, conversation), conversation);
    const { backups, heard } = all.start();
    await backups.start();
    await passUntil(all, () => expect(heard).toHaveLength(2));
    expect(heard[1]).toMatchObject({ by: "historySync", conversations: [whole(conversation)] });
    backups.stop();
  });

  it("behavior: a call of `process` tells what arrived before it apart, and nothing twice", async () => {
    const all = await asked();
    const [one, other] = all.history as [FakeConversation, FakeConversation];
    await all.oldHost.historySync?.send("1");
    const listed = vi.spyOn(all.host.historySync as NonNullable<FakeHost["historySync"]>, "list");
    all.backups.lookNow();
    await passUntil(all, () => expect(listed).toHaveBeenCalled());
    fill(join(all, one), one);
    const { imported } = await all.backups.historySync.process("1");
    expect(imported).toEqual([whole(other)]);
    await passAnHour(all);
    expect(all.heard.slice(1).map(({ conversations }) => conversations)).toEqual([[whole(one)], [whole(other)]]);
  });

  it("behavior: what a restore tells is not told again", async () => {
    const { store, keys, clock, ...one } = world();
    const { entry } = await one.backups.backup().result;
    const historyServer = fakeHistoryServer(clock.now);
    const host = fakeHost({ historyServer });
    const backups = createBackups({ host, store, keys, clock });
    const heard: Imported[] = [];
    backups.imported$.subscribe((imported) => heard.push(imported));
    await backups.historySync.request();
    await fakeHost({ inbox: fakeInbox({ groups: 0 }), historyServer }).historySync?.send("1");
    const counted = vi.spyOn(host, "countMessages");
    await backups.restore(entry).result;
    counted.mockClear();
    await passAnHour({ clock });
    expect(counted).toHaveBeenCalled();
    expect(heard.slice(1).map(({ by }) => by)).toEqual(["restore"]);
  });

  it("behavior: a count that never ends holds up neither the next request nor what is told", async () => {
    const all = await asked();
    const conversation = first(all.history);
    const joined = join(all, conversation);
    const release = all.host.failures.holdNext("countMessages");
    const counted = vi.spyOn(all.host, "countMessages");
    await all.oldHost.historySync?.send("1");
    await passUntil(all, () => expect(counted).toHaveBeenCalled());
    let isAsked = false;
    void all.backups.historySync.request().then(() => (isAsked = true));
    await passUntil(all, () => expect(isAsked).toBe(true), 20_000);
    release();
    await all.oldHost.historySync?.send("2");
    fill(joined, conversation);
    await passUntil(all, () => expect(all.heard).toHaveLength(2));
    const { isNew: _isNew, ...history } = whole(conversation);
    expect(all.heard[1]?.conversations).toEqual([history]);
  });
});

function told({ heard }: Pick<Asked, "heard">): number {
  return heard.flatMap(({ conversations }) => conversations).reduce((sum, { messages }) => sum + messages, 0);
}
