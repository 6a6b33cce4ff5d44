import { type ArchiveEntry, BackupError, type BackupStatus, type BackupTask, createBackups } from "@xmtp-backup/core";
import { fakeClock, fakeHost, fakeInbox, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it, onTestFinished, vi } from "vitest";

const minute = 60_000;
const hour = 60 * minute;

/** A new installation that follows a policy, beside the archive that another installation made. */
async function newDevice() {
  const clock = fakeClock();
  const store = memoryStore(clock.now);
  const keys = memoryKeys();
  const { entry } = await createBackups({ host: fakeHost({ inbox: fakeInbox(), installationId: "old" }), store, keys, clock }).backup()
    .result;
  const host = fakeHost({ inbox: fakeInbox({ groups: 1, dms: 0 }), installationId: "new" });
  const device = deviceOf({ clock, store, keys, host });
  await device.start();
  return { ...device, clock, store, keys, host, entry };
}

type Parts = Pick<Parameters<typeof createBackups>[0], "store" | "keys" | "host"> & { clock: ReturnType<typeof fakeClock> };

function deviceOf({ clock, ...parts }: Parts) {
  const backups = createBackups({ ...parts, clock, policy: { frequency: "monthly", dayOfMonth: 20, priority: "normal" } });
  onTestFinished(() => backups.stop());
  let status: BackupStatus = {};
  backups.status$.subscribe((next) => (status = next));
  const atRest = () => vi.waitFor(() => expect(clock.timers).toBeGreaterThan(0), { interval: 1 });
  return {
    backups,
    status: () => status,
    madeByNew: async () => (await backups.list()).filter(({ details }) => details?.installationId === "new").length,
    async start() {
      await backups.start();
      await vi.waitFor(() => expect(status.nextRun).toBeDefined());
      await atRest();
    },
    async pass(ms: number, stepMs = minute) {
      for (let left = ms; left > 0; left -= stepMs) {
        clock.advance(Math.min(left, stepMs));
        await atRest();
        await vi.waitFor(() => expect(status.running).toBeUndefined());
        await atRest();
      }
    },
    /** Lets time pass until a backup that the policy began runs. */
    async untilBackup(): Promise<{ task: BackupTask }> {
      for (let step = 0; step < 20; step += 1) {
        clock.advance(20_000);
        await vi.waitFor(() => expect(backups.current() !== undefined || clock.timers > 0).toBe(true), { interval: 1 });
        const running = backups.current();
        if (running?.kind === "backup") return { task: running.task };
      }
      throw new Error("No backup ran.");
    },
  };
}

/** A backup is made within ten hours: long before the rest of a day after half a restore is over. */
async function comesSoon({ pass, madeByNew }: Pick<ReturnType<typeof deviceOf>, "pass" | "madeByNew">): Promise<void> {
  let minutes = 0;
  await vi.waitFor(async () => {
    minutes += 1;
    await pass(minute);
    expect(await madeByNew()).toBe(1);
  });
  expect(minutes).toBeLessThan(600);
}

describe("a restore beside a backup that the policy began", () => {
  it("default: takes its place, every earlier archive stays, and the backup is made after it", async () => {
    const device = await newDevice();
    const release = device.host.failures.holdNext("exportArchive");
    const { task: displaced } = await device.untilBackup();
    const restore = device.backups.restore(device.entry);
    await expect(device.backups.backup().result).rejects.toMatchObject({ code: "TASK_IN_PROGRESS" });
    expect((await restore.result).messages.restored).toBeGreaterThan(0);
    expect(displaced.getState()).toEqual({ status: "cancelled" });
    expect(device.status().lastFailure).toBeUndefined();
    expect((await device.backups.list()).map(({ id }) => id)).toEqual([device.entry.id]);
    // The displaced one may have been cancelled before it exported anything.
    release();
    await comesSoon(device);
  });

  it("behavior: shows while it runs, and a second one beside it is refused", async () => {
    const device = await newDevice();
    device.host.failures.holdNext("exportArchive");
    await device.untilBackup();
    const release = device.host.failures.holdNext("importArchive");
    const restore = device.backups.restore(device.entry);
    const second = device.backups.restore(device.entry);
    await expect(second.result).rejects.toMatchObject({ code: "TASK_IN_PROGRESS" });
    await vi.waitFor(() => expect(device.backups.current()).toEqual({ kind: "restore", task: restore }));
    expect(device.status().running).toBe("restore");
    release();
    await restore.result;
    expect(device.backups.current()).toBeUndefined();
  });

  it("behavior: one that is cancelled while it waits, or that its options forbid, leaves nothing running", async () => {
    const device = await newDevice();
    const release = device.host.failures.holdNext("exportArchive");
    const { task: kept } = await device.untilBackup();
    await expect(device.backups.restore(device.entry, { unheardOf: true } as never).result).rejects.toMatchObject({
      code: "OPTIONS_INVALID",
    });
    expect(kept.getState().status).toBe("running");
    release();
    await vi.waitFor(() => expect(kept.getState().status).toBe("succeeded"));
    await vi.waitFor(() => expect(device.backups.current()).toBeUndefined());
    await expect(device.backups.restore(device.entry).result).resolves.toBeDefined();
  });

  it("behavior: a backup by hand goes on, and the restore is refused", async () => {
    const device = await newDevice();
    const release = device.host.failures.holdNext("exportArchive");
    const byHand = device.backups.backup();
    await expect(device.backups.restore(device.entry).result).rejects.toMatchObject({ code: "TASK_IN_PROGRESS" });
    release();
    await expect(byHand.result).resolves.toBeDefined();
  });
});

describe("the first backup after a restore that brought a part alone", () => {
  async function failedRestore(device: {
    backups: ReturnType<typeof createBackups>;
    host: ReturnType<typeof fakeHost>;
    entry: ArchiveEntry;
  }) {
    device.host.failures.failNext("importArchive", new BackupError("HOST_FAILED", "The database is locked."), 100);
    await expect(device.backups.restore(device.entry).result).rejects.toBeInstanceOf(BackupError);
  }

  /** The same installation in another process. */
  function restarted({ clock, store, keys, host }: Awaited<ReturnType<typeof newDevice>>) {
    return deviceOf({ clock, store, keys, host: fakeHost({ inbox: host.inbox, installationId: "new", journal: host.journal }) });
  }

  it("default: waits for a day, and says when it comes", async () => {
    const device = await newDevice();
    await failedRestore(device);
    await device.pass(2 * hour, 15 * minute);
    expect(await device.madeByNew()).toBe(0);
    expect(device.status()).toMatchObject({
      health: { level: "warning", reason: "firstDue" },
      nextRun: { why: "settling", due: { reason: "first" } },
    });
    await device.pass(23 * hour, 15 * minute);
    expect(await device.madeByNew()).toBe(1);
  });

  it("behavior: comes soon once a restore has succeeded, over a restart too", async () => {
    const device = await newDevice();
    await failedRestore(device);
    await device.pass(hour, 15 * minute);
    device.backups.stop();
    const later = restarted(device);
    await later.start();
    await later.pass(hour, 15 * minute);
    expect(await later.madeByNew()).toBe(0);
    await later.backups.restore(device.entry).result;
    await comesSoon(later);
  });

  it("behavior: waits after one that was cut off too", async () => {
    const device = await newDevice();
    device.host.failures.holdNext("importArchive");
    const cutOff = device.backups.restore(device.entry);
    await vi.waitFor(() => expect(cutOff.getState()).toMatchObject({ stage: "importing" }));
    await vi.waitFor(() => expect(device.host.journal.read("task")).resolves.toMatchObject({ stage: "importing" }));
    device.backups.stop();
    const later = restarted(device);
    await later.start();
    await later.pass(2 * hour, 15 * minute);
    expect(await later.madeByNew()).toBe(0);
    await later.pass(23 * hour, 15 * minute);
    expect(await later.madeByNew()).toBe(1);
  });

  it("behavior: a restore that changed nothing holds nothing back", async () => {
    const device = await newDevice();
    await expect(device.backups.restore("00000000-0000-4000-8000-000000000000").result).rejects.toMatchObject({
      code: "ARCHIVE_NOT_FOUND",
    });
    await device.pass(5 * minute);
    expect(await device.madeByNew()).toBe(1);
  });
});
