import { BackupError, type BackupStatus, createBackups } from "@xmtp-backup/core";
import { fakeClock, fakeHost, fakeInbox, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";

/** A client whose policy is followed and has looked once. */
async function started() {
  const clock = fakeClock();
  const host = fakeHost({ inbox: fakeInbox() });
  const store = memoryStore(clock.now);
  const keys = memoryKeys();
  const backups = createBackups({ host, store, keys, clock });
  let status: BackupStatus = {};
  backups.status$.subscribe((next) => (status = next));
  await backups.start();
  await vi.waitFor(() => expect(status.health).toBeDefined());
  return { backups, host, store, keys, clock, status: () => status };
}

const atRest = (one: Awaited<ReturnType<typeof started>>) => vi.waitFor(() => expect(one.status().running).toBeUndefined());

describe("a backup that never ran", () => {
  it.each([
    ["no elements", { elements: [] }],
    ["an unknown option", { nam: "Holiday" }],
    ["a name that is too long", "x".repeat(201)],
  ])("behavior: %s is no failed backup", async (_what, options) => {
    const one = await started();
    const { health } = one.status();
    await expect(one.backups.backup(options as never).result).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
    await atRest(one);
    expect(one.status()).toMatchObject({ health });
    expect(one.status()).not.toHaveProperty("lastFailure");
    one.backups.stop();
  });

  it("behavior: one beside a running task is no failed backup", async () => {
    const one = await started();
    const first = one.backups.backup();
    await expect(one.backups.backup().result).rejects.toMatchObject({ code: "TASK_IN_PROGRESS" });
    expect(one.status()).not.toHaveProperty("lastFailure");
    await first.result;
    await atRest(one);
    expect(one.status()).not.toHaveProperty("lastFailure");
    one.backups.stop();
  });

  it("behavior: one while another process is at work is no failed backup", async () => {
    const one = await started();
    const { inboxId } = await one.host.identity();
    const unlock = await one.host.lock.tryAcquire(`inbox-${inboxId}`);
    await expect(one.backups.backup().result).rejects.toMatchObject({ code: "TASK_IN_PROGRESS" });
    await atRest(one);
    expect(one.status()).not.toHaveProperty("lastFailure");
    await unlock?.();
    one.backups.stop();
  });

  it("behavior: an earlier failure stays when a call is refused", async () => {
    const one = await started();
    one.store.failures.failNext("put", new BackupError("STORE_FULL", "The disk is full."));
    await expect(one.backups.backup().result).rejects.toMatchObject({ code: "STORE_FULL" });
    await expect(one.backups.backup({ elements: [] }).result).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
    await vi.waitFor(() => expect(one.status()).toMatchObject({ lastFailure: { code: "STORE_FULL" }, health: { level: "failing" } }));
    one.backups.stop();
  });
});

describe("a backup that failed in this process", () => {
  it("behavior: is over once another process has made a later one", async () => {
    const one = await started();
    one.store.failures.failNext("put", new BackupError("STORE_UNAVAILABLE", "The network is down."));
    await expect(one.backups.backup().result).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await vi.waitFor(() =>
      expect(one.status()).toMatchObject({ lastFailure: { code: "STORE_UNAVAILABLE" }, health: { level: "warning" } }),
    );
    one.clock.advance(10_000);
    const { inboxId, installationId } = await one.host.identity();
    const other = createBackups({
      host: fakeHost({ inbox: one.host.inbox, inboxId, installationId }),
      store: one.store,
      keys: one.keys,
      clock: one.clock,
    });
    const { entry } = await other.backup().result;
    await vi.waitFor(() => {
      one.clock.advance(6 * 3_600_000);
      expect(one.status()).toMatchObject({ lastSuccess: { archiveId: entry.id } });
    });
    expect(one.status()).not.toHaveProperty("lastFailure");
    one.backups.stop();
  });
});
