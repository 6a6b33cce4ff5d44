import { BackupError, createBackups } from "@xmtp-backup/core";
import { describe, expect, it, vi } from "vitest";
import { backUp, newInstallation, world } from "./support/world.ts";

describe("backups.closing", () => {
  it("default: it is safe while nothing runs", () => {
    expect(world().backups.closingAdvice()).toEqual({ safe: true });
  });

  it("behavior: warns while a backup or a restore would be lost, and no longer", async () => {
    const one = world();
    const releaseExport = one.host.failures.holdNext("exportArchive");
    const backup = one.backups.backup();
    expect(one.backups.closingAdvice()).toEqual({ safe: false, losing: "backup" });
    releaseExport();
    const { entry } = await backup.result;
    await vi.waitFor(() => expect(one.backups.closingAdvice()).toEqual({ safe: true }));

    const { backups, host } = newInstallation(one);
    const releaseImport = host.failures.holdNext("importArchive");
    const restore = backups.restore(entry);
    expect(backups.closingAdvice()).toEqual({ safe: false, losing: "restore", hasBegun: false });
    await vi.waitFor(() => expect(restore.getState()).toMatchObject({ stage: "importing" }));
    expect(backups.closingAdvice()).toEqual({ safe: false, losing: "restore", hasBegun: true });
    releaseImport();
    await restore.result;
    await vi.waitFor(() => expect(backups.closingAdvice()).toEqual({ safe: true }));
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

  it("behavior: another device's upload is left alone until it is a week old: its lid may be closed", async () => {
    const { backups, store, clock } = world();
    await store.put(crypto.randomUUID(), new Blob(["under way"]));
    for (const hours of [0, 25, 6 * 24 - 26]) {
      clock.advance(hours * 60 * 60 * 1000);
      await backups.start();
      expect(store.archives.size).toBe(1);
    }
    clock.advance(26 * 60 * 60 * 1000);
    await backups.start();
    expect(store.archives.size).toBe(0);
  });

  it("behavior: a place that lets nothing be removed is no reason not to start", async () => {
    const { host, backups, store, clock } = world();
    const interrupted = { kind: "backup", taskId: "t", stage: "storing", startedAtMs: 1, archiveId: crypto.randomUUID() } as const;
    await host.journal.write("task", interrupted);
    for (const id of [interrupted.archiveId, crypto.randomUUID()]) await store.put(id, new Blob(["half"]));
    clock.advance(8 * 24 * 60 * 60 * 1000);
    const removing = vi.spyOn(store, "remove").mockRejectedValue(new BackupError("STORE_DENIED", "Nothing is removed here."));
    expect(await backups.start()).toEqual(interrupted);
    expect(removing).toHaveBeenCalledTimes(2);
    removing.mockRejectedValue(new BackupError("STORE_UNAVAILABLE", "It is away."));
    await expect(backups.start()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
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
