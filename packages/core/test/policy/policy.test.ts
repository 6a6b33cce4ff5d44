import { BackupError } from "@xmtp-backup/core";
import { describe, expect, it, vi } from "vitest";
import { day, hour, minute, settled, world } from "../support/policyWorld.ts";

describe("a policy that runs", () => {
  it("default: weekly, on Sunday at two, and says so before", async () => {
    const one = world({});
    await one.start();
    expect(one.status()).toMatchObject({ nextRun: { atMs: Date.UTC(2026, 0, 4, 2) }, health: { level: "warning" }, messagesSince: 0 });
    await one.pass(3 * day + 2 * hour + minute);
    await one.becomes(1);
    const [entry] = await one.backups.list();
    expect(entry?.details).toMatchObject({ trigger: "schedule" });
    await vi.waitFor(() =>
      expect(one.status()).toMatchObject({
        nextRun: { atMs: Date.UTC(2026, 0, 11, 2) },
        health: { level: "ok" },
        lastSuccess: { archiveId: entry?.id },
      }),
    );
    one.backups.stop();
  });

  it("behavior: a time that was missed while the app was closed runs once at the next start", async () => {
    const before = world({ frequency: "daily" });
    await before.start();
    before.backups.stop();
    await settled();
    before.clock.advance(5 * day);
    const after = world({ frequency: "daily" }, before);
    await after.start();
    expect(after.status().nextRun).toMatchObject({ due: { reason: "missed", schedule: "daily" } });
    await after.pass(minute);
    await after.becomes(1);
    await after.pass(hour);
    expect(after.archives()).toBe(1);
    after.backups.stop();
  });

  it("behavior: never means never", async () => {
    const one = world({ frequency: "never" });
    await one.start();
    for (let count = 0; count < 150; count += 1) one.host.emit("message");
    await one.pass(40 * day, 6 * hour);
    expect(one.archives()).toBe(0);
    one.backups.stop();
  });

  it("behavior: so many new messages make a backup due, counted from the last one", async () => {
    const one = world({ afterMessages: 10 });
    await one.start();
    for (let count = 0; count < 9; count += 1) one.host.emit("message");
    await settled();
    expect(one.archives()).toBe(0);
    one.host.emit("message");
    await one.becomes(1);
    expect((await one.backups.list())[0]?.details?.trigger).toBe("activity");
    await vi.waitFor(() => expect(one.status().messagesSince).toBe(0));
    for (let count = 0; count < 9; count += 1) one.host.emit("message");
    await settled();
    expect(one.archives()).toBe(1);
    one.backups.stop();
  });

  it("behavior: a failure is tried again, later each time, and shown; the next success clears it", async () => {
    const one = world({ frequency: "daily" });
    await one.start();
    one.store.failures.failNext("put", new Error("no way"));
    await one.pass(2 * hour + minute);
    await vi.waitFor(() => expect(one.status()).toMatchObject({ lastFailure: { code: "STORE_FAILED" }, health: { level: "warning" } }));
    expect(one.archives()).toBe(0);
    for (let count = 0; count < 3; count += 1) await one.pass(minute);
    await one.becomes(1);
    await vi.waitFor(() => expect(one.status().health?.level).toBe("ok"));
    expect(one.status().lastFailure).toBeUndefined();
    one.backups.stop();
  });

  it("behavior: what only the user can settle is asked and not tried again, until they say that it is settled", async () => {
    const one = world({ frequency: "daily" });
    await one.start();
    one.store.failures.failNext("put", new BackupError("STORE_FULL", "The disk is full."));
    await one.pass(2 * hour + minute);
    await vi.waitFor(() => expect(one.status()).toMatchObject({ health: { level: "failing" } }));
    await one.pass(2 * day);
    expect(one.archives()).toBe(0);
    await vi.waitFor(() => expect(one.reminders().map(({ kind, action }) => [kind, action])).toContainEqual(["userNeeded", "freeSpace"]));
    one.backups.retry();
    await one.becomes(1);
    one.backups.stop();
  });

  it("behavior: a backup by hand counts, and puts the schedule off", async () => {
    const one = world({ frequency: "daily", afterMessages: 3 });
    await one.start();
    one.host.emit("message");
    await one.backups.backup({ name: "Before travelling" }).result;
    await vi.waitFor(() => expect(one.status()).toMatchObject({ messagesSince: 0, health: { level: "ok" } }));
    one.backups.stop();
  });

  it("behavior: a backup of a part does not count", async () => {
    const one = world({ frequency: "daily" });
    await one.start();
    await one.backups.backup({ elements: ["consent"] }).result;
    await one.pass(2 * hour + minute);
    await one.becomes(2);
    one.backups.stop();
  });

  it.each([
    ["does not count", false, 1],
    ["counts where the policy leaves them out too", true, 0],
  ])("behavior: a backup without disappearing messages %s", async (_what, excludeDisappearingMessages, messagesSince) => {
    const one = world({ frequency: "daily", afterMessages: 3, excludeDisappearingMessages });
    await one.start();
    one.host.emit("message");
    await one.backups.backup({ excludeDisappearingMessages: true }).result;
    await settled();
    await vi.waitFor(() => expect(one.status()).toMatchObject({ messagesSince }));
    one.backups.stop();
  });

  it("behavior: another policy is followed from now on, and a bad one changes nothing", async () => {
    const one = world({ frequency: "never" });
    await one.start();
    expect(() => one.backups.setPolicy({ at: "25:00" })).toThrow(expect.objectContaining({ code: "POLICY_INVALID" }) as Error);
    one.backups.setPolicy({ frequency: "daily", at: "03:00" });
    await vi.waitFor(() => expect(one.status().nextRun?.atMs).toBe(Date.UTC(2026, 0, 1, 3)));
    await one.pass(3 * hour + minute);
    await one.becomes(1);
    one.backups.stop();
  });

  it("behavior: what the app says before the policy has begun counts", async () => {
    const one = world({ frequency: "never", reminders: { setUp: false } });
    await one.backups.backup().result;
    await one.backups.confirmKey();
    one.backups.setPolicy({ frequency: "daily", at: "04:00" });
    await one.start();
    expect(one.status()).toMatchObject({ nextRun: { atMs: Date.UTC(2026, 0, 1, 4) }, health: { level: "ok" } });
    await settled();
    expect(one.reminders()).toEqual([]);
    one.backups.stop();
  });

  it("behavior: what it remembers holds no key and no text of the user", async () => {
    const one = world({ frequency: "daily" });
    await one.start();
    await one.backups.backup({ name: "Very private" }).result;
    await vi.waitFor(() => expect(one.status().health?.level).toBe("ok"));
    await settled();
    const note = JSON.stringify(await one.host.journal.read("policy"));
    expect(note).toContain("lastSuccessMs");
    expect(note).not.toContain("Very private");
    one.backups.stop();
  });
});

describe("planRetention", () => {
  it("parameters: timeZone: its days are those of the policy's zone", async () => {
    const reasons = async (timeZone: string) => {
      const one = world({ frequency: "never", timeZone, keep: { daily: 2 } });
      one.clock.advance(23.5 * hour);
      await one.backups.backup().result;
      one.clock.advance(hour);
      await one.backups.backup().result;
      return (await one.backups.planRetention()).at(-1)?.reasons[0];
    };
    expect(await reasons("UTC")).toEqual({ reason: "period", period: "day", place: 2, of: 2 });
    expect(await reasons("America/New_York")).toEqual({ reason: "oldest", period: "day", of: 2 });
  });
});
