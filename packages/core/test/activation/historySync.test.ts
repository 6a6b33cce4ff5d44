import { createBackups, type Imported } from "@xmtp-backup/core";
import { fakeHistoryServer, fakeHost, type FakeHostOptions, fakeInbox, memoryLock } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { world } from "../support/world.ts";

/** Two installations of one inbox that share a history server; the first holds everything. */
function twoInstallations(fresh: FakeHostOptions = {}, old: FakeHostOptions = {}) {
  const one = world();
  const historyServer = fakeHistoryServer(one.clock.now);
  const { store, keys, clock } = one;
  const oldHost = fakeHost({ inbox: fakeInbox(), historyServer, ...old });
  const freshHost = fakeHost({ historyServer, ...fresh });
  return {
    clock,
    historyServer,
    old: { host: oldHost, backups: createBackups({ host: oldHost, store, keys, clock }) },
    fresh: { host: freshHost, backups: createBackups({ host: freshHost, store, keys, clock }) },
  };
}

describe("backups.historySync", () => {
  it("default: what one installation sends under a pin another one processes, and follows", async () => {
    const { clock, old, fresh } = twoInstallations();
    await old.backups.historySync.send("1234");
    const { installationId } = await old.host.identity();
    expect(await fresh.backups.historySync.available()).toEqual([
      { pin: "1234", exportedAtMs: clock.now(), elements: ["consent", "messages"], installationId },
    ]);
    const ids = [...old.host.inbox.conversations.keys()];
    const heard: unknown[] = [];
    fresh.backups.imported$.subscribe((imported) => heard.push(imported));
    const imported = [...old.host.inbox.conversations.values()].map(({ id, messages }) => {
      const times = [...messages.values()].map(({ sentAtNs }) => sentAtNs);
      return { id, importedIds: [id], isNew: true, messages: 3, firstMessageNs: times[0], lastMessageNs: times[2] };
    });
    expect(await fresh.backups.historySync.process("1234")).toEqual({ newConversationIds: ids, inactiveConversationIds: ids, imported });
    expect(heard).toEqual([{ conversations: [] }, { id: expect.any(String) as string, by: "historySync", conversations: imported }]);
    expect((await fresh.backups.historySync.process("1234")).imported).toEqual([]);
    expect(heard).toHaveLength(2);
    expect(ids.map((id) => fresh.backups.canWrite(id))).toEqual([false, false]);
    expect(fresh.backups.conversation(ids[0] ?? "").getState()?.gap).toEqual({ fromMs: clock.now() });
    fresh.host.activate(ids[0] ?? "");
    await vi.waitFor(() => {
      clock.advance(1_000);
      expect(fresh.backups.canWrite(ids[0] ?? "")).toBe(true);
    });
  });

  it("behavior: leaves out messages that disappear where the policy does, unless the call says otherwise", async () => {
    const { old } = twoInstallations();
    const historySync = old.host.historySync ?? fail();
    const [request, send] = [vi.spyOn(historySync, "request"), vi.spyOn(historySync, "send")];
    await old.backups.historySync.send("1");
    expect(send.mock.lastCall).toEqual(["1", { excludeDisappearingMessages: false }]);
    old.backups.setPolicy({ excludeDisappearingMessages: true });
    await old.backups.historySync.send("2");
    expect(send.mock.lastCall).toEqual(["2", { excludeDisappearingMessages: true }]);
    await old.backups.historySync.request({ excludeDisappearingMessages: false });
    expect(request.mock.lastCall).toEqual([{ excludeDisappearingMessages: false }]);
    await old.backups.historySync.request();
    expect(request.mock.lastCall).toEqual([{ excludeDisappearingMessages: true }]);
    await old.backups.historySync.request({ excludeDisappearingMessages: undefined } as object);
    expect(request.mock.lastCall).toEqual([{ excludeDisappearingMessages: true }]);
  });

  it("parameters: pin: without one the newest offer is processed", async () => {
    const { clock, old, fresh } = twoInstallations();
    await old.backups.historySync.send("1");
    clock.advance(1_000);
    await old.backups.historySync.send("2");
    expect((await fresh.backups.historySync.available()).map(({ pin }) => pin)).toEqual(["2", "1"]);
    const process = vi.spyOn(fresh.host.historySync ?? fail(), "process");
    await fresh.backups.historySync.process();
    expect(process.mock.lastCall?.[0]).toBe("2");
  });

  it("parameters: pin: an unknown one is refused before anything is done, and not repeated in the error", async () => {
    const { fresh } = twoInstallations();
    await expect(fresh.backups.historySync.process("13579")).rejects.toMatchObject({ code: "HISTORY_SYNC_FAILED" });
    await expect(fresh.backups.historySync.process("13579")).rejects.not.toThrow(/13579/);
    await expect(fresh.backups.historySync.process()).rejects.toMatchObject({ code: "HISTORY_SYNC_FAILED" });
  });

  it("parameters: pin: an empty one is refused", async () => {
    const { old } = twoInstallations();
    await expect(old.backups.historySync.send(" ")).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
  });

  it("behavior: fills the gap of conversations that are active already", async () => {
    const { clock, old, fresh } = twoInstallations();
    await old.backups.historySync.send("1");
    await fresh.backups.historySync.process();
    const [first = ""] = old.host.inbox.conversations.keys();
    clock.advance(60_000);
    fresh.host.activate(first);
    await vi.waitFor(() => {
      clock.advance(1_000);
      expect(fresh.backups.canWrite(first)).toBe(true);
    });
    clock.advance(60_000);
    await old.backups.historySync.send("2");
    expect((await fresh.backups.gapFillers()).syncArchives.map(({ pin }) => pin)).toEqual(["2"]);
    await fresh.backups.historySync.process("2");
    expect(fresh.backups.conversation(first).getState()?.gap.isFilled).toBe(true);
  });

  it("behavior: what the SDK imports by itself after a request is followed", async () => {
    const { clock, fresh, old } = twoInstallations({}, { answersRequests: true });
    await fresh.backups.historySync.request();
    const ids = [...old.host.inbox.conversations.keys()];
    await vi.waitFor(() => {
      clock.advance(5_000);
      expect(ids.map((id) => fresh.backups.canWrite(id))).toEqual([false, false]);
    });
  });

  it("behavior: a restart goes on waiting for what was asked for", async () => {
    const { clock, fresh, old } = twoInstallations();
    await fresh.backups.historySync.request();
    fresh.backups.stop();
    await old.host.historySync?.send("1");
    await fresh.host.historySync?.process("1");
    const { store, keys } = world();
    const after = createBackups({ host: fresh.host, store, keys, clock, lock: memoryLock() });
    await after.start();
    await vi.waitFor(() => {
      clock.advance(1_000);
      expect([...old.host.inbox.conversations.keys()].map((id) => after.canWrite(id))).toEqual([false, false]);
    });
    after.stop();
  });

  it("behavior: one task at a time", async () => {
    const { fresh, old } = twoInstallations();
    await old.backups.historySync.send("1");
    const release = fresh.host.failures.holdNext("exportArchive");
    const task = fresh.backups.backup();
    await expect(fresh.backups.historySync.process("1")).rejects.toMatchObject({ code: "TASK_IN_PROGRESS" });
    release();
    await task.result;
    expect((await fresh.backups.historySync.process("1")).newConversationIds).toHaveLength(2);
  });

  it("behavior: an import that fails half-way leaves nothing unfollowed", async () => {
    const { clock, fresh, old } = twoInstallations();
    await old.backups.historySync.send("1");
    const historySync = fresh.host.historySync ?? fail();
    const process = historySync.process.bind(historySync);
    vi.spyOn(historySync, "process").mockImplementation(async (...parameters) => {
      await process(...parameters);
      throw new Error("the server closed the connection");
    });
    const heard: Imported[] = [];
    fresh.backups.imported$.subscribe((imported) => heard.push(imported));
    await expect(fresh.backups.historySync.process("1")).rejects.toMatchObject({ code: "HISTORY_SYNC_FAILED" });
    expect(heard.at(-1)?.conversations.map(({ messages }) => messages)).toEqual([3, 3]);
    await vi.waitFor(() => {
      clock.advance(5_000);
      expect([...old.host.inbox.conversations.keys()].map((id) => fresh.backups.canWrite(id))).toEqual([false, false]);
    });
  });

  it("behavior: a client without it says so", async () => {
    const { historySync } = world().backups;
    const calls = [historySync.request(), historySync.send("1"), historySync.available(), historySync.process("1")];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: "HISTORY_SYNC_UNSUPPORTED" });
  });
});

function fail(): never {
  throw new Error("The host has no history sync.");
}
