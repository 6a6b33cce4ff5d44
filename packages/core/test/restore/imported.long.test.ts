import { type ArchiveEntry, BackupError, type Backups, type Imported, createBackups } from "@xmtp-backup/core";
import { type FakeHost, fakeHost, fakeInbox, memoryLock } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { backUp, newInstallation, world } from "../support/world.ts";

type FakeConversation = FakeHost["inbox"]["conversations"] extends Map<string, infer T> ? T : never;

/** Everything that is told, the current value first. */
function hear({ imported$ }: Backups): Imported[] {
  const heard: Imported[] = [];
  imported$.subscribe((imported) => heard.push(imported));
  return heard;
}

function conversationsOf({ inbox }: FakeHost): FakeConversation[] {
  return [...inbox.conversations.values()];
}

function only(host: FakeHost, kind: "group" | "dm" = "group"): FakeConversation {
  const found = conversationsOf(host).find((each) => each.kind === kind);
  if (!found) throw new Error(`There is no ${kind}.`);
  return found;
}

const timesOf = ({ messages }: FakeConversation) => [...messages.values()].map(({ sentAtNs }) => sentAtNs).sort((a, b) => Number(a - b));

/** As a whole conversation is told that was not here. */
function whole(conversation: FakeConversation) {
  const times = timesOf(conversation);
  return {
    id: conversation.id,
    importedIds: [conversation.id],
    isNew: true,
    messages: times.length,
    firstMessageNs: times[0],
    lastMessageNs: times.at(-1),
  };
}

/** Somebody sends a message so many seconds after the first of the conversation. */
function say(conversation: FakeConversation, second: number): bigint {
  const [start = 0n] = timesOf(conversation);
  const sentAtNs = start + BigInt(second) * 1_000_000_000n;
  const id = BigInt(second).toString(16).padStart(64, "f");
  conversation.messages.set(id, { id, text: `At ${second}`, sentAtNs, senderInboxId: "b".repeat(64) });
  return sentAtNs;
}

/** An archive of one group in three chunks, and a new phone. */
async function inThreeChunks() {
  const one = world({ inbox: fakeInbox({ groups: 1, messagesEach: 2_500 }) });
  const { entry } = await one.backups.backup().result;
  return { one, entry, ...newInstallation(one), times: timesOf(only(one.host)), id: only(one.host).id };
}

describe("what a restore brought", () => {
  it("default: names each conversation, its messages and their times, in the result and to whoever listens", async () => {
    const one = world();
    const entry = await backUp(one.backups);
    const { backups } = newInstallation(one);
    const heard = hear(backups);
    const { imported } = await backups.restore(entry).result;
    expect([...imported].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
      conversationsOf(one.host)
        .map(whole)
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
    expect(heard).toEqual([{ conversations: [] }, { id: expect.any(String) as string, by: "restore", conversations: imported }]);
    expect(hear(backups)).toEqual(heard.slice(1));
  });

  it("default: the same archive once more brings nothing, and nobody is told", async () => {
    const one = world();
    const entry = await backUp(one.backups);
    const { backups } = newInstallation(one);
    await backups.restore(entry).result;
    const heard = hear(backups);
    expect((await backups.restore(entry).result).imported).toEqual([]);
    expect(heard).toHaveLength(1);
  });

  it("behavior: a newer archive brings what is new in it alone, also into what is active", async () => {
    const one = world();
    const early = await backUp(one.backups);
    const [group] = conversationsOf(one.host) as [FakeConversation];
    const [first, last] = [say(group, 100), say(group, 200)];
    const late = await backUp(one.backups);
    const { backups, host } = newInstallation(one);
    await backups.restore(early).result;
    for (const { id } of conversationsOf(host)) host.activate(id);
    const heard = hear(backups);
    const { imported } = await backups.restore(late).result;
    expect(imported).toEqual([{ id: group.id, importedIds: [group.id], messages: 2, firstMessageNs: first, lastMessageNs: last }]);
    expect(heard.slice(1)).toEqual([expect.objectContaining({ conversations: imported })]);
  });

  it("behavior: an older archive after a newer slice brings what is older alone", async () => {
    const one = world({ inbox: fakeInbox({ groups: 1 }) });
    const group = only(one.host);
    const early = await backUp(one.backups);
    const [firstMessageNs, , lastMessageNs] = timesOf(group);
    say(group, 100);
    const { entry: slice } = await one.backups.backup({ startNs: lastMessageNs as bigint }).result;
    const { backups, host } = newInstallation(one);
    const copy = { ...group, messages: new Map([...group.messages].filter(([, { sentAtNs }]) => sentAtNs > (lastMessageNs as bigint))) };
    host.inbox.conversations.set(group.id, copy);
    expect((await backups.restore(slice).result).imported).toEqual([]);
    expect((await backups.restore(early).result).imported).toEqual([
      { id: group.id, importedIds: [group.id], messages: 3, firstMessageNs, lastMessageNs },
    ]);
  });

  it("behavior: in the middle of what is here, the time is that of the gap", async () => {
    const one = world({ inbox: fakeInbox({ groups: 1, messagesEach: 40 }) });
    const entry = await backUp(one.backups);
    const group = only(one.host);
    const times = timesOf(group);
    const gap = times.slice(13, 29);
    const { backups, host } = newInstallation(one);
    host.inbox.conversations.set(group.id, {
      ...group,
      messages: new Map([...group.messages].filter(([, { sentAtNs }]) => !gap.includes(sentAtNs))),
    });
    expect((await backups.restore(entry).result).imported).toEqual([
      { id: group.id, importedIds: [group.id], messages: 16, firstMessageNs: gap[0], lastMessageNs: gap.at(-1) },
    ]);
  });

  it("behavior: messages that only this device has hide no new ones: the time is then that of the archive", async () => {
    const one = world({ inbox: fakeInbox({ groups: 1, messagesEach: 40 }) });
    const entry = await backUp(one.backups);
    const group = only(one.host);
    const times = timesOf(group);
    const { backups, host } = newInstallation(one);
    const copy = { ...group, messages: new Map([...group.messages].slice(10)) };
    host.inbox.conversations.set(group.id, copy);
    for (let count = 0; count < 9; count += 1)
      copy.messages.set(`own ${count}`, {
        id: `own ${count}`,
        text: "",
        senderInboxId: "a".repeat(64),
        sentAtNs: (times[2] as bigint) + BigInt(count),
      });
    expect((await backups.restore(entry).result).imported).toEqual([
      { id: group.id, importedIds: [group.id], messages: 10, firstMessageNs: times[0], lastMessageNs: times.at(-1) },
    ]);
  });

  it("behavior: what arrives meanwhile and is newer than the archive is not part of it", async () => {
    const one = world({ inbox: fakeInbox({ groups: 1 }) });
    const entry = await backUp(one.backups);
    const expected = [whole(only(one.host))];
    const { backups, host } = newInstallation(one);
    const importArchive = host.importArchive.bind(host);
    vi.spyOn(host, "importArchive").mockImplementation(async (...parameters) => {
      await importArchive(...parameters);
      say(only(host), 1_000);
    });
    expect((await backups.restore(entry).result).imported).toEqual(expected);
  });

  it("behavior: what is left out counts neither as a message nor in the times", async () => {
    const one = world({ inbox: fakeInbox({ groups: 1, messagesEach: 3 }) });
    const group = only(one.host);
    group.disappearsInNs = 1_000_000_000n;
    const stays = BigInt(Date.now() + 3_600_000) * 1_000_000n;
    group.messages.set("e".repeat(64), { id: "e".repeat(64), text: "Stays", sentAtNs: stays, senderInboxId: "b".repeat(64) });
    const entry = await backUp(one.backups);
    const { backups } = newInstallation(one);
    const { imported, leftOut } = await backups.restore(entry).result;
    expect([leftOut.expired, imported]).toEqual([
      3,
      [{ id: group.id, importedIds: [group.id], isNew: true, messages: 1, firstMessageNs: stays, lastMessageNs: stays }],
    ]);
  });

  it("behavior: a conversation without messages is told once, with no times", async () => {
    const one = world({ inbox: fakeInbox({ groups: 1, messagesEach: 0 }) });
    const entry = await backUp(one.backups);
    const { id } = only(one.host);
    const { backups } = newInstallation(one);
    expect((await backups.restore(entry).result).imported).toEqual([{ id, importedIds: [id], isNew: true, messages: 0 }]);
    expect((await backups.restore(entry).result).imported).toEqual([]);
  });

  it("behavior: a DM that is here under another id is one conversation, by the id that the list shows", async () => {
    const one = world({ inbox: fakeInbox({ groups: 0, dms: 1 }) });
    const entry = await backUp(one.backups);
    const old = only(one.host, "dm");
    const times = timesOf(old);
    const { backups, host } = newInstallation(one);
    const { id } = await host.createDm(old.peerInboxId as string);
    host.inbox.conversations
      .get(id)
      ?.messages.set("own", { id: "own", text: "Here", sentAtNs: (times[1] as bigint) + 5n, senderInboxId: "a".repeat(64) });
    const listedId = await host.listedIdOf(id);
    const { imported } = await backups.restore(entry).result;
    expect(await host.listedIdOf(id)).toBe(old.id);
    expect(listedId).toBe(id);
    expect(imported).toEqual([{ id: old.id, importedIds: [old.id], messages: 3, firstMessageNs: times[0], lastMessageNs: times[2] }]);
    expect((await backups.restore(entry).result).imported).toEqual([]);
  });

  it("behavior: two DMs with one person in the archive are one conversation", async () => {
    const one = world({ inbox: fakeInbox({ groups: 0, dms: 1 }) });
    const old = only(one.host, "dm");
    Object.assign(old, { isActive: false });
    const { id } = await one.host.createDm(old.peerInboxId as string);
    const entry = await backUp(one.backups);
    const times = timesOf(old);
    const { backups } = newInstallation(one);
    const { imported } = await backups.restore(entry).result;
    expect(imported).toEqual([
      {
        id: expect.any(String) as string,
        importedIds: expect.arrayContaining([id, old.id]) as string[],
        isNew: true,
        messages: 3,
        firstMessageNs: times[0],
        lastMessageNs: times[2],
      },
    ]);
  });

  it("behavior: a client that can't list its conversations stops the restore before anything is imported", async () => {
    const one = world();
    const entry = await backUp(one.backups);
    const { backups, host } = newInstallation(one);
    const importArchive = vi.spyOn(host, "importArchive");
    host.failures.failNext("listConversations", new BackupError("HOST_FAILED", "no such table"), 9);
    await expect(backups.restore(entry).result).rejects.toMatchObject({ code: "HOST_FAILED" });
    expect(importArchive).not.toHaveBeenCalled();
  });

  it("behavior: it never lists everything, and on a new installation counts no more than the check", async () => {
    const { backups, host, entry } = await inThreeChunks();
    const [count, list] = [vi.spyOn(host, "countMessages"), vi.spyOn(host, "listConversations")];
    await backups.restore(entry).result;
    expect(count).toHaveBeenCalledTimes(1);
    expect(list.mock.calls.filter(([options]) => !options?.ids && !options?.peerInboxIds)).toHaveLength(0);
  });
});

describe("a restore that does not come to its end", () => {
  it("behavior: one that fails tells what it brought until then, and the next what was missing", async () => {
    const { backups, host, entry, times, id } = await inThreeChunks();
    const heard = hear(backups);
    let chunks = 0;
    const importArchive = host.importArchive.bind(host);
    vi.spyOn(host, "importArchive").mockImplementation(async (...parameters) => {
      if (++chunks === 3) throw new Error("the disk is full");
      return importArchive(...parameters);
    });
    await expect(backups.restore(entry).result).rejects.toMatchObject({ code: "IMPORT_FAILED" });
    expect(heard.at(-1)?.conversations).toEqual([
      { id, importedIds: [id], isNew: true, messages: 2_000, firstMessageNs: times[0], lastMessageNs: times[1_999] },
    ]);
    const { imported } = await backups.restore(entry).result;
    expect(imported).toEqual([{ id, importedIds: [id], messages: 500, firstMessageNs: times[2_000], lastMessageNs: times.at(-1) }]);
    expect(heard).toHaveLength(3);
  });

  it("behavior: one that is cancelled tells it before it has ended", async () => {
    const { backups, host, entry, id } = await inThreeChunks();
    const heard = hear(backups);
    const importArchive = host.importArchive.bind(host);
    const task = backups.restore(entry);
    vi.spyOn(host, "importArchive").mockImplementation(async (...parameters) => {
      await importArchive(...parameters);
      void task.cancel();
    });
    await expect(task.result).rejects.toMatchObject({ name: "AbortError" });
    expect(heard.at(-1)?.conversations).toMatchObject([{ id, isNew: true, messages: 1_000 }]);
    expect(await host.journal.read("bringing")).toBeUndefined();
  });

  /** The process ends while the third chunk is with the SDK. */
  async function killed() {
    const all = await inThreeChunks();
    const { host, backups, entry, one } = all;
    let chunks = 0;
    const importArchive = host.importArchive.bind(host);
    const spy = vi.spyOn(host, "importArchive");
    const reached = new Promise<void>((resolve) => {
      spy.mockImplementation(async (...parameters) => {
        if (++chunks < 3) return importArchive(...parameters);
        resolve();
        return new Promise<never>(() => undefined);
      });
    });
    void backups.restore(entry);
    await reached;
    spy.mockImplementation(importArchive);
    const { store, keys, clock } = one;
    return { ...all, after: createBackups({ host, store, keys, clock, lock: memoryLock() }) };
  }

  it("behavior: one that was killed is told at the next start, once", async () => {
    const { after, entry, id, times, host } = await killed();
    const heard = hear(after);
    await after.start();
    await vi.waitFor(async () => expect(await host.journal.read("bringing")).toBeUndefined());
    expect(heard.slice(1)).toEqual([
      {
        id: expect.any(String) as string,
        by: "restore",
        conversations: [{ id, importedIds: [id], isNew: true, messages: 2_000, firstMessageNs: times[0], lastMessageNs: times[1_999] }],
      },
    ]);
    const { imported } = await after.restore(entry).result;
    expect(imported).toMatchObject([{ messages: 500, firstMessageNs: times[2_000] }]);
    await after.start();
    expect([heard.length, await host.journal.read("bringing")]).toEqual([3, undefined]);
    after.stop();
  });

  it("behavior: or by the next restore, where that comes first", async () => {
    const { after, entry } = await killed();
    const heard = hear(after);
    await after.restore(entry).result;
    expect(heard.slice(1).map(({ conversations }) => conversations.map(({ messages }) => messages))).toEqual([[2_000], [500]]);
  });

  it.each([
    ["of no sense", { parts: "all" }],
    ["whose parts are none", { parts: [{ ids: 4 }, { ids: ["a"], twinIds: [], wasHere: false, before: -1 }] }],
    [
      "whose times are none",
      { parts: [{ ids: ["a"], twinIds: [], wasHere: false, before: 0, times: { firstNs: "soon", lastNs: "12x" } }] },
    ],
  ])("behavior: a note %s stops no start and no restore", async (_title, note) => {
    const one = world();
    const entry: ArchiveEntry = await backUp(one.backups);
    const host = fakeHost();
    await host.journal.write("bringing", { ...note, version: 1 });
    const backups = createBackups({ host, store: one.store, keys: one.keys, clock: one.clock });
    const heard = hear(backups);
    await backups.start();
    expect(heard).toHaveLength(1);
    expect((await backups.restore(entry).result).imported).toHaveLength(2);
    backups.stop();
  });
});
