import { BackupError, type BackupPolicy, type BackupStatus, createBackups } from "@xmtp-backup/core";
import { fakeClock, fakeDevice, fakeHost, fakeInbox, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

type Parts = {
  clock: ReturnType<typeof fakeClock>;
  device: ReturnType<typeof fakeDevice>;
  host: ReturnType<typeof fakeHost>;
  store: ReturnType<typeof memoryStore>;
  keys: ReturnType<typeof memoryKeys>;
};

/** A client with history, a monthly policy and an empty store. */
function world(parts: Partial<Parts> = {}, policy: BackupPolicy = { frequency: "monthly", dayOfMonth: 20 }) {
  const clock = parts.clock ?? fakeClock();
  const all: Parts = {
    clock,
    device: fakeDevice(),
    host: fakeHost({ inbox: fakeInbox() }),
    store: memoryStore(clock.now),
    keys: memoryKeys(),
    ...parts,
  };
  const { host, store, keys, device } = all;
  const backups = createBackups({ host, store, keys, device, clock, policy });
  let status: BackupStatus = {};
  backups.status$.subscribe((next) => (status = next));
  const atRest = () => vi.waitFor(() => expect(clock.timers).toBeGreaterThan(0), { interval: 1 });
  return {
    ...all,
    backups,
    status: () => status,
    triggers: async () => (await backups.list()).map(({ details }) => details?.trigger),
    async start() {
      await backups.start();
      await vi.waitFor(() => expect(status.nextRun).toBeDefined());
      await atRest();
    },
    /** Lets time pass, a step at a time, so that the policy looks as often as it would. */
    async pass(ms: number, stepMs = 15 * minute) {
      for (let left = ms; left > 0; left -= stepMs) {
        clock.advance(Math.min(left, stepMs));
        await atRest();
        await vi.waitFor(() => expect(status.running).toBeUndefined());
        await atRest();
      }
    },
  };
}

describe("started means protected", () => {
  it("default: the history that is there is backed up soon after the first start, and the status says so before", async () => {
    const one = world();
    await one.start();
    expect(one.status()).toMatchObject({
      health: { level: "warning", reason: "firstDue" },
      nextRun: { why: "settling", trigger: "first", due: { reason: "first" } },
    });
    const waitMs = (one.status().nextRun?.atMs ?? 0) - one.clock.now();
    expect([waitMs >= minute, waitMs <= 2 * minute]).toEqual([true, true]);
    expect(one.store.manifests.size).toBe(0);
    await one.pass(3 * minute, minute);
    await vi.waitFor(() =>
      expect(one.status()).toMatchObject({ health: { level: "ok", reason: "protected" }, nextRun: { why: "schedule" } }),
    );
    expect(await one.triggers()).toEqual(["first"]);
    const [entry] = await one.backups.list();
    expect(entry?.details?.counts.messages).toBe(6);
    await one.pass(2 * day);
    expect(one.store.manifests.size).toBe(1);
    one.backups.stop();
  });

  it("behavior: comes in an app that is open for half a minute each time", async () => {
    const parts = world();
    let made = 0;
    for (let visit = 0; visit < 4 && made === 0; visit += 1) {
      const one = world(parts);
      await one.start();
      await one.pass(30_000, 10_000);
      one.backups.stop();
      made = one.store.manifests.size;
      one.clock.advance(hour);
    }
    expect(made).toBe(1);
  });

  it("behavior: comes where every timer is late", async () => {
    const one = world();
    await one.start();
    for (let late = 0; late < 4 && one.store.manifests.size === 0; late += 1) await one.pass(20 * minute, 20 * minute);
    expect(one.store.manifests.size).toBe(1);
    one.backups.stop();
  });

  it("behavior: a client without a conversation waits for its first", async () => {
    const host = fakeHost();
    const one = world({ host });
    await one.start();
    await one.pass(hour);
    expect(one.store.manifests.size).toBe(0);
    expect(one.status()).toMatchObject({ health: { reason: "noArchive" }, nextRun: { why: "schedule" } });
    for (const [id, conversation] of fakeInbox({ groups: 1 }).conversations) host.inbox.conversations.set(id, conversation);
    host.emit("conversation");
    await one.pass(hour);
    expect(await one.triggers()).toEqual(["first"]);
    one.backups.stop();
  });

  it("behavior: a client that can't say for a moment whether it is empty is asked again", async () => {
    const one = world({ host: fakeHost() });
    one.host.failures.failNext("listConversations", new BackupError("HOST_FAILED", "The database is locked."));
    await one.start();
    await one.pass(hour);
    expect(one.store.manifests.size).toBe(0);
    one.backups.stop();
  });

  it("behavior: a client all of whose conversations are broken is not empty", async () => {
    const one = world();
    for (const id of one.host.inbox.conversations.keys()) one.host.breakConversation(id);
    await one.start();
    expect(one.status().nextRun).toMatchObject({ why: "settling", trigger: "first" });
    one.backups.stop();
  });

  it("parameters: frequency: with never nothing begins, and a policy that says otherwise is followed at once", async () => {
    const one = world({}, { frequency: "never" });
    await one.start();
    await one.pass(hour);
    expect([one.store.manifests.size, one.status().health?.reason]).toEqual([0, "noArchive"]);
    one.backups.setPolicy({ frequency: "weekly" });
    await one.pass(minute, 15_000);
    expect(await one.triggers()).toEqual(["first"]);
    one.backups.stop();
  });

  it("parameters: conditions hold back the first backup too", async () => {
    const one = world({}, { frequency: "monthly", conditions: { charging: true } });
    one.device.setConditions({ charging: false });
    await one.start();
    await one.pass(hour);
    expect(one.store.manifests.size).toBe(0);
    expect(one.status()).toMatchObject({ health: { reason: "firstDue" }, nextRun: { why: "conditions", trigger: "first" } });
    one.device.setConditions({ charging: true });
    one.device.emit("changed");
    await vi.waitFor(() => expect(one.store.manifests.size).toBe(1));
    one.backups.stop();
  });

  it("behavior: a store that can't be read is not said to protect, and is backed up to once it can", async () => {
    const one = world();
    one.store.failures.failNext("list", new BackupError("STORE_UNAVAILABLE", "No network."), 3);
    await one.start();
    expect(one.status()).toMatchObject({ health: { level: "warning", reason: "storeUnread" } });
    await one.pass(2 * hour);
    await vi.waitFor(() => expect(one.status()).toMatchObject({ health: { level: "ok" } }));
    expect(await one.triggers()).toEqual(["first"]);
    one.backups.stop();
  });

  it("behavior: what a store held a day ago is not said to protect while it can't be read", async () => {
    const one = world();
    await one.start();
    await one.pass(hour);
    await vi.waitFor(() => expect(one.status().health?.reason).toBe("protected"));
    one.store.failures.failNext("list", new BackupError("STORE_UNAVAILABLE", "No network."), 1000);
    await one.pass(day + 8 * hour);
    expect(one.status().health).toMatchObject({ level: "warning", reason: "storeUnread" });
    one.backups.stop();
  });

  it("behavior: a failure is tried again after a minute, then two", async () => {
    const one = world();
    await one.start();
    one.store.failures.failNext("put", new BackupError("STORE_UNAVAILABLE", "No network."), 2);
    await one.pass(15 * minute, 30_000);
    expect(await one.triggers()).toEqual(["first"]);
    expect(one.status().lastFailure).toBeUndefined();
    one.backups.stop();
  });

  it("behavior: another installation of the inbox has its own", async () => {
    const one = world();
    await one.backups.backup().result;
    const other = world({ ...one, host: fakeHost({ inbox: fakeInbox() }) });
    await other.start();
    await other.pass(hour);
    expect((await other.triggers()).sort()).toEqual(["first", "manual"]);
    other.backups.stop();
  });

  it("behavior: an archive that was there makes none due", async () => {
    const one = world();
    await one.backups.backup().result;
    await one.start();
    await one.pass(2 * day);
    expect(await one.triggers()).toEqual(["manual"]);
    one.backups.stop();
  });

  it("behavior: two processes of one installation make one", async () => {
    const one = world();
    const { inboxId, installationId } = await one.host.identity();
    const two = world({ ...one, host: fakeHost({ inbox: one.host.inbox, inboxId, installationId, lock: one.host.lock }) });
    await one.start();
    await two.start();
    for (let step = 0; step < 12; step += 1) {
      one.clock.advance(30_000);
      await vi.waitFor(() => expect(one.clock.timers).toBe(2));
    }
    await vi.waitFor(() => expect([one.status().health?.level, two.status().health?.level]).toEqual(["ok", "ok"]));
    expect(await one.triggers()).toEqual(["first"]);
    one.backups.stop();
    two.backups.stop();
  });

  it("behavior: archives that go again at once are made up for once a day", async () => {
    const one = world();
    const putManifest = one.store.putManifest.bind(one.store);
    let made = 0;
    const reasons: (string | undefined)[] = [];
    one.backups.status$.subscribe(({ health }) => void reasons.push(health?.reason));
    vi.spyOn(one.store, "putManifest").mockImplementation(async (id, manifest, options) => {
      await putManifest(id, manifest, options);
      made += 1;
    });
    await one.start();
    for (let hours = 0; hours < 73; hours += 1) {
      await one.pass(hour);
      if (one.store.manifests.size === 0) continue;
      one.store.manifests.clear();
      one.store.archives.clear();
    }
    expect(made).toBeGreaterThanOrEqual(3);
    expect(made).toBeLessThanOrEqual(4);
    expect(reasons).toContain("lost");
    one.backups.stop();
  });
});
