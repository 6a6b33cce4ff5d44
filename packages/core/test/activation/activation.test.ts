import type { ActivationState } from "@xmtp-backup/core";
import { fakeInbox, memoryLock } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { backUp, world } from "../support/world.ts";
import { dmsOf, open, passUntil, restored, stateOf, statusesOf } from "../support/restoredPhone.ts";

type Restored = Awaited<ReturnType<typeof restored>>;

describe("backups.activation$", () => {
  it("default: counts nothing before a restore", () => {
    expect(stateOf(world().backups)).toEqual({
      total: 0,
      active: 0,
      waiting: 0,
      recreating: 0,
      stalled: 0,
      dismissed: 0,
      conversations: [],
      changed: [],
      recreatable: [],
    });
  });

  it("behavior: counts up as members add this installation, one by one, and says which", async () => {
    const { backups, host, clock, ids } = await restored();
    const states: ActivationState[] = [];
    backups.activation$.subscribe((state) => states.push(state));
    for (const id of ids) {
      host.activate(id);
      await passUntil(clock, () => expect(backups.canWrite(id)).toBe(true));
    }
    expect(states.map(({ active, total, changed }) => [active, total, changed])).toEqual([
      [0, 2, ids],
      [1, 2, [ids[0]]],
      [2, 2, [ids[1]]],
    ]);
  });

  it("behavior: a look that finds nothing new tells nobody anything", async () => {
    const { backups, host, clock } = await restored();
    let told = 0;
    backups.activation$.subscribe(() => (told += 1));
    const looks = vi.spyOn(host, "listConversations");
    await passUntil(clock, () => expect(looks.mock.calls.length).toBeGreaterThan(5), 5_000);
    expect(told).toBe(1);
  });

  it("behavior: asks for what is open alone, and for the DMs of its people", async () => {
    const { host, clock, ids } = await restored(fakeInbox({ groups: 1, dms: 1 }));
    const looks = vi.spyOn(host, "listConversations");
    await passUntil(clock, () => expect(looks).toHaveBeenCalled());
    const [dm] = dmsOf(host);
    expect(looks.mock.lastCall?.[0]).toMatchObject({ ids, peerInboxIds: [dm?.peerInboxId] });
    host.activate(ids.find((id) => id !== dm?.id) ?? "");
    looks.mockClear();
    await passUntil(clock, () => expect(looks.mock.lastCall?.[0]?.ids).toEqual([dm?.id]));
  });

  it("behavior: messages that a stream missed are fetched before a conversation counts as active", async () => {
    const { backups, host, clock, ids } = await restored();
    const release = host.failures.holdNext("syncAll");
    host.activate(ids[0] ?? "");
    const synced = vi.spyOn(host, "syncAll");
    await passUntil(clock, () => expect(synced).toHaveBeenCalled());
    expect(backups.canWrite(ids[0] ?? "")).toBe(false);
    release();
    await passUntil(clock, () =>
      expect(backups.conversation(ids[0] ?? "").getState()).toMatchObject({ status: "active", isBackfilled: true }),
    );
  });

  it("behavior: conversation(id) tells of one alone, and of one that was not restored nothing", async () => {
    const { backups, host, clock, ids } = await restored();
    const heard: unknown[] = [];
    backups.conversation(ids[1] ?? "").state$.subscribe((state) => heard.push(state?.status));
    backups.conversation("another").state$.subscribe((state) => heard.push(state));
    for (const id of ids) {
      host.activate(id);
      await passUntil(clock, () => expect(backups.canWrite(id)).toBe(true));
    }
    expect(heard).toEqual(["waiting", undefined, "active"]);
  });

  it("behavior: what a restore brought is followed when it fails half-way", async () => {
    const one = world({ inbox: fakeInbox({ groups: 2, messagesEach: 900 }) });
    const entry = await backUp(one.backups);
    const { backups, host } = open(one);
    const importArchive = host.importArchive.bind(host);
    let calls = 0;
    vi.spyOn(host, "importArchive").mockImplementation(async (...args) => {
      calls += 1;
      if (calls === 2) throw new Error("the database is locked");
      return importArchive(...args);
    });
    await expect(backups.restore(entry).result).rejects.toMatchObject({ code: "IMPORT_FAILED" });
    const [first = ""] = host.inbox.conversations.keys();
    await vi.waitFor(() => expect(backups.canWrite(first)).toBe(false));
  });

  it("behavior: what a killed restore brought is followed by the next start", async () => {
    const one = world();
    const entry = await backUp(one.backups);
    const { host, backups } = open(one);
    vi.spyOn(host, "countMessages").mockImplementation(() => new Promise(() => undefined));
    const task = backups.restore(entry);
    await vi.waitFor(() => expect(task.getState()).toMatchObject({ stage: "checking" }));
    const next = open(one, host, { lock: memoryLock() }).backups;
    await next.start();
    for (const id of host.inbox.conversations.keys()) expect(next.canWrite(id)).toBe(false);
    expect(stateOf(next).conversations[0]).toMatchObject({ gap: { fromMs: entry.createdAtMs } });
    next.stop();
  });

  it("behavior: what a restore brings after the stop is followed by the next start", async () => {
    const one = world();
    const entry = await backUp(one.backups);
    const { host, backups } = open(one);
    const release = host.failures.holdNext("importArchive");
    const task = backups.restore(entry);
    await vi.waitFor(() => expect(task.getState()).toMatchObject({ stage: "importing" }));
    backups.stop();
    release();
    await task.result;
    const next = open(one, host).backups;
    await next.start();
    expect(statusesOf(next)).toEqual(["waiting", "waiting"]);
    next.stop();
  });
});

describe("a thousand conversations", () => {
  it("behavior: are all found active by one look", async () => {
    const { backups, host, clock }: Restored = await restored(fakeInbox({ groups: 1_000, messagesEach: 1 }));
    const told: number[] = [];
    backups.activation$.subscribe(({ active }) => told.push(active));
    for (const conversation of host.inbox.conversations.values()) conversation.isActive = true;
    host.emit("message");
    await passUntil(clock, () => expect(stateOf(backups).active).toBe(1_000));
    expect(told).toEqual([0, 1_000]);
  });
});
