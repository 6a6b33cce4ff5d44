import { type ActivationState, createBackups } from "@xmtp-backup/core";
import { fakeHost, fakeInbox, memoryJournal, memoryLock } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { backUp, newInstallation, world } from "./support.ts";

describe("backups.closing", () => {
  it("default: it is safe while nothing runs", () => {
    expect(world().backups.closing()).toEqual({ safe: true });
  });

  it("behavior: warns while a backup or a restore would be lost, and no longer", async () => {
    const one = world();
    const releaseExport = one.host.failures.holdNext("exportArchive");
    const backup = one.backups.backup();
    expect(one.backups.closing()).toMatchObject({ safe: false, losing: "backup", message: expect.stringContaining("earlier backups are safe") as string });
    releaseExport();
    const { entry } = await backup.result;
    await vi.waitFor(() => expect(one.backups.closing()).toEqual({ safe: true }));

    const { backups, host } = newInstallation(one);
    const releaseImport = host.failures.holdNext("importArchive");
    const restore = backups.restore(entry);
    expect(backups.closing()).toMatchObject({ safe: false, losing: "restore", message: expect.stringContaining("nothing was changed yet") as string });
    await vi.waitFor(() => expect(restore.getState()).toMatchObject({ stage: "importing" }));
    expect(backups.closing()).toMatchObject({ losing: "restore", message: expect.stringContaining("restoring again adds the rest") as string });
    releaseImport();
    await restore.result;
    await vi.waitFor(() => expect(backups.closing()).toEqual({ safe: true }));
  });
});

describe("backups.start", () => {
  it("default: finds nothing to clean up", async () => {
    expect(await world().backups.start()).toBeUndefined();
  });

  it("behavior: lists and cleans up the backup that a kill interrupted", async () => {
    const { host, store, keys, clock } = world();
    const interrupted = { kind: "backup", taskId: "t", stage: "storing", startedAtMs: 1, archiveId: crypto.randomUUID() } as const;
    await host.journal.write("task", interrupted);
    await store.put(interrupted.archiveId, new Blob(["half"]));
    const swept = vi.spyOn(host, "sweep");
    const backups = createBackups({ host, store, keys, clock });
    expect(await backups.start()).toEqual(interrupted);
    expect(store.archives.size).toBe(0);
    expect(swept).toHaveBeenCalledOnce();
    expect(await backups.start()).toBeUndefined();
  });

  it("behavior: another device's upload is left alone until it is a day old", async () => {
    const { backups, store, clock } = world();
    await store.put(crypto.randomUUID(), new Blob(["under way"]));
    await backups.start();
    expect(store.archives.size).toBe(1);
    clock.advance(25 * 60 * 60 * 1000);
    await backups.start();
    expect(store.archives.size).toBe(0);
  });

  it("behavior: what a running task of another process does is left alone", async () => {
    const { host, store, backups } = world();
    const unlock = await host.lock.tryAcquire(`inbox-${"a".repeat(64)}`);
    await host.journal.write("task", { kind: "backup", taskId: "t", stage: "storing", startedAtMs: 1 });
    await store.put(crypto.randomUUID(), new Blob(["under way"]));
    expect(await backups.start()).toBeUndefined();
    expect(await host.journal.read("task")).toBeDefined();
    await unlock?.();
  });

  it("behavior: listed archives are never cleaned up", async () => {
    const { backups, host, clock } = world();
    const { id } = await backUp(backups);
    await host.journal.write("task", { kind: "backup", taskId: "t", stage: "pruning", startedAtMs: 1, archiveId: id });
    clock.advance(48 * 60 * 60 * 1000);
    await backups.start();
    expect((await backups.list()).map((entry) => entry.id)).toEqual([id]);
  });
});

describe("backups.activation$", () => {
  async function restored() {
    const one = world();
    const entry = await backUp(one.backups);
    const two = newInstallation(one);
    await two.backups.restore(entry).result;
    const states: ActivationState[] = [];
    two.backups.activation$.subscribe((state) => states.push(state));
    const [first = "", second = ""] = [...two.host.inbox.conversations.keys()];
    return { one, two, states, first, second };
  }

  it("default: counts nothing before a restore", () => {
    const states: ActivationState[] = [];
    world().backups.activation$.subscribe((state) => states.push(state));
    expect(states).toEqual([{ total: 0, active: 0, conversations: [] }]);
  });

  it("behavior: counts up as members add this installation, one by one", async () => {
    const { one, two, states, first, second } = await restored();
    for (const id of [first, second]) {
      two.host.activate(id);
      one.clock.advance(1_000);
      await vi.waitFor(() => expect(two.backups.canWrite(id)).toBe(true));
      one.clock.advance(1_000);
    }
    await vi.waitFor(() => expect(states.at(-1)?.active).toBe(2));
    expect(states.map(({ active, total }) => `${active} of ${total}`)).toEqual(["0 of 2", "1 of 2", "2 of 2"]);
  });

  it("behavior: writes are refused while inactive and pass through afterwards", async () => {
    const { one, two, first } = await restored();
    const sent: string[] = [];
    const conversation = {
      id: first,
      title: "Group 0",
      async sendText(text: string) {
        sent.push(text);
        return this.id;
      },
      history: () => ["Message 0"],
    };
    const guarded = two.backups.guardWrites(conversation);
    await expect(guarded.sendText("too early")).rejects.toMatchObject({ code: "CONVERSATION_INACTIVE" });
    expect([guarded.history(), guarded.title, sent]).toEqual([["Message 0"], "Group 0", []]);
    two.host.activate(first);
    one.clock.advance(1_000);
    await vi.waitFor(() => expect(two.backups.canWrite(first)).toBe(true));
    expect(await guarded.sendText("now")).toBe(first);
    expect(sent).toEqual(["now"]);
  });

  it("behavior: conversations that were not restored are never guarded", async () => {
    const { two } = await restored();
    expect(two.backups.canWrite("somewhere else")).toBe(true);
  });

  it("behavior: what a restore brought is followed when it fails half-way", async () => {
    const one = world({ inbox: fakeInbox({ groups: 2, messagesEach: 900 }) });
    const entry = await backUp(one.backups);
    const { backups, host } = newInstallation(one);
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
    const host = fakeHost();
    const killed = createBackups({ host, store: one.store, keys: one.keys, clock: one.clock });
    vi.spyOn(host, "countMessages").mockImplementation(() => new Promise(() => undefined));
    const task = killed.restore(entry);
    await vi.waitFor(() => expect(task.getState()).toMatchObject({ stage: "checking" }));
    const next = createBackups({ host, store: one.store, keys: one.keys, clock: one.clock, lock: memoryLock() });
    await next.start();
    for (const id of host.inbox.conversations.keys()) expect(next.canWrite(id)).toBe(false);
    next.stop();
  });

  it("behavior: the next start goes on following", async () => {
    const journal = memoryJournal();
    const one = world();
    const entry = await backUp(one.backups);
    const host = fakeHost({ journal });
    const before = createBackups({ host, store: one.store, keys: one.keys, clock: one.clock });
    await before.restore(entry).result;
    await vi.waitFor(() => expect(journal.notes.get("activation")).toContain("waiting"));
    before.stop();
    for (const conversation of host.inbox.conversations.values()) conversation.isActive = true;
    const after = createBackups({ host, store: one.store, keys: one.keys, clock: one.clock });
    const states: ActivationState[] = [];
    after.activation$.subscribe((state) => states.push(state));
    await after.start();
    await vi.waitFor(() => expect(states.at(-1)).toMatchObject({ total: 2, active: 2 }));
    after.stop();
  });
});
