import { type BackupStatus, createBackups, recommendRestore } from "@xmtp-backup/core";
import { type fakeHost, fakeInbox } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { newInstallation, world, partsOf } from "../support/world.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** A device that another one has removed: the network lists others only, and nothing can be written here. */
function revoked(old: ReturnType<typeof world>): void {
  old.host.listInstallations = async () => [{ id: "f".repeat(64), isOwn: false }];
  for (const conversation of old.host.inbox.conversations.values()) conversation.isActive = false;
}

describe("a backup by a revoked installation", () => {
  it("default: health says so, no conversation counts as lost, nothing is pruned, and its seal says so", async () => {
    const old = world({}, { policy: { frequency: "daily", keep: { last: 1 } } });
    const { backups, clock } = old;
    let status: BackupStatus = {};
    backups.status$.subscribe((next) => (status = next));
    await backups.backup().result;
    await backups.start();
    await vi.waitFor(() => expect(status.health?.level).toBe("ok"));
    revoked(old);
    for (let count = 0; count < 3; count += 1) {
      clock.sleep(dayMs);
      const { entry, prunedIds, pruneError } = await backups.backup().result;
      expect(status.health).toMatchObject({ level: "failing", reason: "revoked" });
      expect([prunedIds, pruneError]).toEqual([[], undefined]);
      expect(entry.details?.madeByRevoked).toBe(true);
      expect(entry.details?.conversations.some(({ wasRemoved }) => wasRemoved)).toBe(false);
    }
    expect(await backups.list()).toHaveLength(4);
    expect((await backups.planRetention())[1]?.reasons).toContainEqual({ reason: "revoked" });
    backups.stop();
  });

  it("behavior: nothing is pruned either when the network is away once it has said so", async () => {
    const old = world({}, { policy: { keep: { last: 1 } } });
    for (let count = 0; count < 2; count += 1) {
      old.clock.sleep(dayMs);
      await createBackups({ ...partsOf(old), policy: { keep: { last: 5 } } }).backup().result;
    }
    revoked(old);
    const answer = await old.host.listInstallations();
    old.host.listInstallations = vi.fn().mockResolvedValueOnce(answer).mockRejectedValue(new Error("offline"));
    old.clock.sleep(dayMs);
    expect((await old.backups.backup().result).prunedIds).toEqual([]);
    expect(await old.backups.list()).toHaveLength(3);
  });

  it("behavior: is found at a look too, before any backup", async () => {
    const old = world({}, { policy: { frequency: "daily" } });
    let status: BackupStatus = {};
    old.backups.status$.subscribe((next) => (status = next));
    await old.backups.backup().result;
    revoked(old);
    await old.backups.start();
    await vi.waitFor(() => expect(status.health?.level).toBe("failing"));
    old.backups.stop();
  });

  it.each([
    ["the network is away", (host: ReturnType<typeof fakeHost>) => host.failures.failNext("listInstallations", new Error("offline"), 99)],
    ["the network names none", (host: ReturnType<typeof fakeHost>) => void (host.listInstallations = async () => [])],
    [
      "the network does not answer",
      (host: ReturnType<typeof fakeHost>) => void (host.listInstallations = () => new Promise(() => undefined)),
    ],
  ])("behavior: while %s nothing is decided by it", async (_why, breakIt) => {
    const { backups, host, clock } = world({}, { policy: { keep: { last: 1 } } });
    await backups.backup().result;
    breakIt(host);
    const [conversation] = host.inbox.conversations.values();
    Object.assign(conversation ?? {}, { isActive: false });
    clock.sleep(dayMs);
    const task = backups.backup();
    const patience = setInterval(() => clock.advance(11_000), 1);
    const { entry, prunedIds } = await task.result.finally(() => clearInterval(patience));
    expect(entry.details).not.toHaveProperty("madeByRevoked");
    expect(entry.details?.conversations.some(({ wasRemoved }) => wasRemoved)).toBe(false);
    expect(prunedIds).toHaveLength(1);
  });

  it("behavior: its archives are recommended only where there is no live one's, and push none of those out", async () => {
    const old = world();
    const shared = await old.backups.backup().result;
    const live = newInstallation(old, { inbox: fakeInbox() });
    old.clock.sleep(dayMs);
    const good = await live.backups.backup().result;
    revoked(old);
    for (let count = 0; count < 6; count += 1) {
      old.clock.sleep(dayMs);
      await old.backups.backup().result;
    }
    const facts = { inboxId: "a".repeat(64), otherInstallationOnline: false, nowMs: old.clock.now() };
    const archives = await live.backups.list();
    expect(recommendRestore({ ...facts, archives })).toMatchObject({
      route: "archive",
      archive: good.entry.id,
      reasons: ["otherOffline", "archiveSound"],
    });
    const ofRevoked = archives.filter(({ details }) => details?.madeByRevoked);
    expect(recommendRestore({ ...facts, archives: ofRevoked }).reasons).toContain("archiveOfRevoked");
    old.clock.sleep(dayMs);
    const strict = createBackups({ host: live.host, store: old.store, keys: old.keys, clock: old.clock, policy: { keep: { last: 3 } } });
    await strict.backup().result;
    const left = (await strict.list()).filter(({ details }) => !details?.madeByRevoked).map(({ id }) => id);
    expect(left).toEqual(expect.arrayContaining([good.entry.id, shared.entry.id]));
  });
});
