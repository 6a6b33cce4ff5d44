import { createBackups, type LogEvent } from "@xmtp-backup/core";
import { fakeHost, fakeInbox, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { newInstallation, world } from "../support/world.ts";
import { denied, ends, listening, passUntil, quarterMs, soon } from "../support/listening.ts";

afterEach(() => {
  ends
    .splice(0)
    .reverse()
    .forEach((end) => end());
  vi.restoreAllMocks();
});

describe("the logger", () => {
  it("behavior: hears of a failure whose code only a newer copy of core knows, by that code", async () => {
    const { logger, of } = listening();
    const { backups, store } = world({}, { logger });
    store.failures.failNext("put", Object.assign(denied(), { code: "STORE_ON_THE_MOON" }));
    void backups.backup();
    await soon(() => expect(of("backup.failed")).toMatchObject([{ level: "warn", code: "STORE_ON_THE_MOON" }]));
    expect(of("backup.failed")[0]?.message).toBe(`xmtp-backup: backup failed (STORE_ON_THE_MOON). ${of("backup.failed")[0]?.docsUrl}`);
  });

  it("default: the console gets only what nobody else has heard of", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const others = [vi.spyOn(console, "debug"), vi.spyOn(console, "info"), vi.spyOn(console, "log"), vi.spyOn(console, "error")];
    const { backups, store } = world({}, { logger: undefined as never });
    await backups.backup();
    store.failures.failNext("put", denied());
    await backups.backup().catch(() => undefined);
    expect(warn).not.toHaveBeenCalled();
    store.failures.failNext("put", denied());
    void backups.backup();
    await soon(() => expect(warn).toHaveBeenCalledTimes(1));
    expect(warn.mock.calls[0]?.[0]).toMatch(
      /^xmtp-backup: backup failed \(STORE_DENIED\)\. .*https:\/\/github\.com\/.*errors\.md#store_denied$/,
    );
    for (const other of others) expect(other).not.toHaveBeenCalled();
  });

  it("parameters: false is for nobody", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const { backups, store } = world({}, { logger: false });
    store.failures.failNext("put", denied());
    const task = backups.backup();
    await soon(() => expect(task.getState().status).toBe("failed"));
    expect(warn).not.toHaveBeenCalled();
  });

  it("parameters: the console itself hears everything", async () => {
    const info = vi.spyOn(console, "info").mockReturnValue();
    const { backups } = world({}, { logger: console });
    await backups.backup();
    expect(info.mock.calls.map(([event]) => (event as LogEvent).event)).toEqual(["backup.started", "backup.succeeded"]);
    expect(info.mock.calls[1]?.[1]).toBe("xmtp-backup: backup succeeded");
  });

  it("default: hears how a backup and a restore go, by their ids and counts", async () => {
    const { logger, of } = listening();
    const { backups } = world({}, { logger });
    const task = backups.backup({ name: "A name that is not logged" });
    const { entry } = await task;
    const facts = { taskId: task.id, archiveId: entry.id, level: "info" };
    expect(of("backup.started")).toMatchObject([facts]);
    expect(of("backup.succeeded")).toMatchObject([{ ...facts, sizeBytes: entry.sizeBytes, messages: 6 }]);
    const restore = backups.restore(entry.id);
    await restore;
    expect(of("restore.started")).toMatchObject([{ taskId: restore.id, archiveId: entry.id }]);
    expect(of("restore.succeeded")).toMatchObject([{ messages: 6, conversations: 2 }]);
    await backups.backup().cancel();
    expect(of("backup.cancelled")).toHaveLength(1);
  });

  it("default: hears of the key that is made, of archives that go, and of those that can't", async () => {
    const { logger, of } = listening();
    const store = memoryStore();
    const backups = createBackups({
      host: fakeHost({ inbox: fakeInbox() }),
      store,
      keys: memoryKeys(),
      logger,
      policy: { keep: { last: 1 } },
    });
    const first = await backups.backup();
    expect(of("key.made")).toMatchObject([{ level: "info", fingerprint: first.entry.keyFingerprint }]);
    await backups.backup();
    expect(of("archives.pruned")).toMatchObject([{ archiveIds: [first.entry.id] }]);
    store.failures.failNext("remove", denied());
    await backups.backup();
    expect(of("archives.unpruned")).toMatchObject([{ level: "warn", code: "STORE_DENIED" }]);
    expect(of("key.made")).toHaveLength(1);
  });

  it("default: hears what the policy decides, and each decision once", async () => {
    const { logger, of } = listening();
    const { backups, clock } = world({}, { logger, policy: { frequency: "daily" } });
    await backups.start();
    await passUntil(clock, () => expect(of("backup.succeeded")).not.toEqual([]));
    await soon(() => expect(of("policy.decided").at(-1)).toMatchObject({ action: "wait", waitsFor: ["schedule"] }));
    const decided = of("policy.decided");
    expect(decided.every(({ level }) => level === "debug")).toBe(true);
    expect(decided).toContainEqual(expect.objectContaining({ action: "backup", trigger: "first" }));
    for (const [index, each] of decided.entries()) expect(each).not.toEqual(decided[index - 1]);
    backups.stop();
  });

  it("default: hears of the archive that the policy reads back and finds damaged", async () => {
    const { logger, of } = listening();
    const { backups, clock, store } = world({}, { logger, policy: { frequency: "never", verifyEvery: "1d" } });
    const { entry } = await backups.backup();
    const stored = store.archives.get(entry.id)!;
    store.archives.set(entry.id, stored.slice(0, stored.length - 9));
    await backups.start();
    await passUntil(clock, () => expect(of("archive.damaged")).not.toEqual([]));
    expect(of("archive.damaged")[0]).toMatchObject({ level: "warn", archiveId: entry.id, code: "ARCHIVE_TRUNCATED" });
    backups.stop();
  });

  it("default: hears of what a killed task left", async () => {
    const one = world();
    one.host.failures.holdNext("exportArchive");
    const task = one.backups.backup();
    await soon(() => expect(task.getState()).toMatchObject({ stage: "exporting" }));
    const { logger, of } = listening();
    const next = newInstallation(one, {});
    const again = createBackups({
      host: { ...next.host, journal: one.host.journal },
      store: one.store,
      keys: one.keys,
      clock: one.clock,
      logger,
    });
    await again.start();
    expect(of("task.recovered")).toMatchObject([{ level: "info", kind: "backup", stage: "exporting", taskId: task.id }]);
    again.stop();
    await task.cancel();
  });

  it("behavior: one that throws or rejects breaks nothing", async () => {
    const unhandled: unknown[] = [];
    const hear = (reason: unknown) => void unhandled.push(reason);
    process.on("unhandledRejection", hear);
    ends.push(() => process.off("unhandledRejection", hear));
    for (const broken of [
      () => {
        throw new Error("no");
      },
      async () => {
        throw new Error("later");
      },
    ]) {
      const { backups, clock } = world(
        {},
        { logger: { debug: broken, info: broken, warn: broken, error: broken }, policy: { frequency: "daily" } },
      );
      await backups.start();
      const { entry } = await backups.backup();
      expect((await backups.restore(entry)).messages.restored).toBe(6);
      clock.advance(quarterMs);
      backups.stop();
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  });

  it("parameters: a restore of what is no id logs none", async () => {
    const { heard, logger } = listening();
    const { backups } = world({}, { logger });
    await backups.restore("correct horse battery staple").catch(() => undefined);
    await backups.restore({ id: "aa".repeat(32) }).catch(() => undefined);
    expect(JSON.stringify(heard)).not.toMatch(/horse|aaaa/);
  });
});
