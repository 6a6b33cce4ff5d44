import { BackupError, type BackupPolicy, type BackupStatus, createBackups, type ReminderHandle } from "@xmtp-backup/core";
import { fakeClock, fakeDevice, fakeHost, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A client without history, so that nothing is due at once, with a policy, on a clock that stands at the 1st of January 2026, 00:00 UTC, a Thursday. */
function world(policy: BackupPolicy, parts: Partial<Parts> = {}) {
  const clock = parts.clock ?? fakeClock();
  const all: Parts = { clock, device: fakeDevice(), host: fakeHost(), store: memoryStore(clock.now), keys: memoryKeys(), ...parts };
  const { host, store, keys, device } = all;
  const backups = createBackups({ host, store, keys, device, clock, policy });
  let status: BackupStatus = {};
  let reminders: readonly ReminderHandle[] = [];
  backups.status$.subscribe((next) => (status = next));
  backups.reminders$.subscribe((next) => (reminders = next));
  const archives = () => all.store.manifests.size;
  /** The policy waits for a timer, so that nothing of it is under way. */
  const atRest = () => vi.waitFor(() => expect(clock.timers).toBeGreaterThan(0), { interval: 1 });
  return {
    ...all,
    backups,
    status: () => status,
    reminders: () => reminders,
    archives,
    /** Begins, and waits until the policy has decided for the first time. */
    async start() {
      await backups.start();
      await vi.waitFor(() => expect(status.nextRun).toBeDefined());
      await atRest();
    },
    /** Lets time pass in the steps of the policy, so that it looks as often as it would. */
    async pass(ms: number, step = 15 * minute) {
      for (let left = ms; left > 0; left -= step) {
        clock.advance(Math.min(left, step));
        await atRest();
      }
    },
    /** Lets time pass until something is so. */
    passUntil: (check: () => void | Promise<void>) =>
      vi.waitFor(
        async () => {
          clock.advance(15 * minute);
          await atRest();
          await check();
        },
        { interval: 5 },
      ),
    async becomes(count: number) {
      await vi.waitFor(() => expect(archives()).toBe(count));
      await vi.waitFor(() => expect(status.running).toBeUndefined());
    },
  };
}

type Parts = {
  clock: ReturnType<typeof fakeClock>;
  device: ReturnType<typeof fakeDevice>;
  host: ReturnType<typeof fakeHost>;
  store: ReturnType<typeof memoryStore>;
  keys: ReturnType<typeof memoryKeys>;
};

/** The policy answers within some turns of the event loop; nothing waits for a real timer. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

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

describe("conditions and wake-ups", () => {
  it("behavior: what is due waits for its conditions, says so, and runs once they hold", async () => {
    const one = world({ frequency: "daily", conditions: { charging: true } });
    one.device.setConditions({ charging: false });
    await one.start();
    await one.pass(3 * hour);
    expect(one.archives()).toBe(0);
    expect(one.status().nextRun).toMatchObject({ why: "conditions", unmet: [{ reason: "notCharging" }] });
    one.device.setConditions({ charging: true });
    one.device.emit("changed");
    await one.becomes(1);
    one.backups.stop();
  });

  it("behavior: what the device can't tell never blocks", async () => {
    const one = world({ frequency: "daily", conditions: { charging: true, network: "wifi" } });
    await one.start();
    await one.pass(2 * hour + minute);
    await one.becomes(1);
    one.backups.stop();
  });

  it("behavior: after a sleep over several times one backup is made, some seconds after the wake-up", async () => {
    const one = world({ frequency: "daily", afterMessages: false });
    await one.start();
    one.clock.advance(5 * day);
    one.device.emit("wake");
    await settled();
    await one.pass(minute);
    await one.becomes(1);
    await one.pass(3 * hour);
    expect(one.archives()).toBe(2);
    one.backups.stop();
  });

  it("behavior: a network that is back ends the waiting after a failure", async () => {
    const one = world({ frequency: "daily" });
    await one.start();
    one.store.failures.failNext("put", new BackupError("STORE_UNAVAILABLE", "No network."), 3);
    await one.pass(2 * hour);
    for (let count = 0; count < 6; count += 1) await one.pass(minute);
    expect(one.status()).toMatchObject({ lastFailure: { code: "STORE_UNAVAILABLE" }, nextRun: { why: "backoff", failures: 3 } });
    one.device.emit("online");
    await one.becomes(1);
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

describe("verifyEvery", () => {
  it("default: now and then a stored archive is read back whole, and its manifest says when", async () => {
    const one = world({ frequency: "monthly", verifyEvery: "3d", afterMessages: false });
    await one.start();
    const { entry } = await one.backups.backup().result;
    await one.passUntil(async () => {
      const [read] = await one.backups.list();
      expect(read?.details?.verifiedAtMs).toBeGreaterThan(entry.details?.verifiedAtMs ?? Infinity);
    });
    one.backups.stop();
  });

  it("behavior: an archive that can't be read back shows in the status and is suggested to be seen to, until it is gone", async () => {
    const one = world({ frequency: "monthly", verifyEvery: "3d", afterMessages: false });
    await one.start();
    const { entry } = await one.backups.backup().result;
    const bytes = one.store.archives.get(entry.id);
    bytes?.set([(bytes.at(-9) ?? 0) ^ 1], bytes.length - 9);
    await one.passUntil(() =>
      expect(one.status().health).toMatchObject({ level: "warning", reason: "damaged", code: "ARCHIVE_DAMAGED", archiveId: entry.id }),
    );
    await one.passUntil(() =>
      expect(one.reminders()).toContainEqual(
        expect.objectContaining({ id: `damaged:${entry.id}`, kind: "damaged", code: "ARCHIVE_DAMAGED" }),
      ),
    );
    await one.backups.remove(entry.id);
    await vi.waitFor(() => expect(one.status().health?.reason).not.toBe("damaged"));
    expect(one.reminders().map(({ kind }) => kind)).not.toContain("damaged");
    one.backups.stop();
  });

  it("behavior: one that was found whole again is not damaged any more", async () => {
    const one = world({ frequency: "monthly", verifyEvery: "3d", afterMessages: false });
    await one.start();
    const { entry } = await one.backups.backup().result;
    const bytes = one.store.archives.get(entry.id)!;
    one.store.archives.set(entry.id, bytes.slice(0, -9));
    await one.passUntil(() => expect(one.status().health).toMatchObject({ reason: "damaged", code: "ARCHIVE_TRUNCATED" }));
    one.store.archives.set(entry.id, bytes);
    one.clock.advance(1_000);
    await one.backups.verify(entry.id);
    await vi.waitFor(() => expect(one.status().health?.reason).not.toBe("damaged"));
    one.backups.stop();
  });

  it("behavior: damage is not forgotten for a verification that a wrong clock dated years ahead", async () => {
    const one = world({ frequency: "monthly", verifyEvery: "3d", afterMessages: false });
    await one.start();
    const { entry } = await one.backups.backup().result;
    const now = one.clock.now;
    one.clock.now = () => now() + 3650 * 24 * 60 * 60 * 1000;
    await one.backups.verify(entry.id);
    one.clock.now = now;
    const bytes = one.store.archives.get(entry.id)!;
    one.store.archives.set(entry.id, bytes.slice(0, -9));
    await one.passUntil(() => expect(one.status().health).toMatchObject({ reason: "damaged", code: "ARCHIVE_TRUNCATED" }));
    one.backups.stop();
  });

  it("behavior: one whose bytes can't be read now is not called damaged, and is read again", async () => {
    const one = world({ frequency: "monthly", verifyEvery: "3d", afterMessages: false });
    await one.start();
    const { entry } = await one.backups.backup().result;
    const unreadable = new DOMException("The file changed.", "NotReadableError");
    const part = { size: entry.sizeBytes, stream: () => new ReadableStream({ pull: (controller) => controller.error(unreadable) }) };
    const blob = { ...part, slice: () => part, arrayBuffer: () => Promise.reject(unreadable) } as unknown as Blob;
    const reasons: (string | undefined)[] = [];
    one.backups.status$.subscribe(({ health }) => void reasons.push(health?.reason));
    const get = vi.spyOn(one.store, "get").mockResolvedValueOnce(blob);
    await one.passUntil(async () => {
      const [read] = await one.backups.list();
      expect(read?.details?.verifiedAtMs).toBeGreaterThan(entry.details?.verifiedAtMs ?? Infinity);
    });
    expect(get.mock.calls.length).toBeGreaterThan(1);
    expect(reasons).not.toContain("damaged");
    expect(one.reminders().map(({ kind }) => kind)).not.toContain("damaged");
    one.backups.stop();
  });

  it("behavior: an archive whose bytes are gone shows in the status and is suggested to be seen to, until it is removed", async () => {
    const one = world({ frequency: "monthly", verifyEvery: "3d", afterMessages: false });
    await one.start();
    const { entry } = await one.backups.backup().result;
    one.store.archives.delete(entry.id);
    await one.passUntil(() =>
      expect(one.status().health).toMatchObject({ level: "warning", reason: "damaged", code: "ARCHIVE_NOT_FOUND", archiveId: entry.id }),
    );
    await one.passUntil(() =>
      expect(one.reminders()).toContainEqual(
        expect.objectContaining({ id: `damaged:${entry.id}`, kind: "damaged", code: "ARCHIVE_NOT_FOUND" }),
      ),
    );
    await one.backups.remove(entry.id);
    await vi.waitFor(() => expect(one.status().health?.reason).not.toBe("damaged"));
    one.backups.stop();
  });
});

describe("a policy that can't be followed", () => {
  const bad: [string, BackupPolicy][] = [
    ["an unknown frequency", { frequency: "hourly" as never }],
    ["a time that no clock shows", { at: "25:00" }],
    ["a negative count", { afterMessages: -1 }],
    ["an unknown zone", { timeZone: "Mars/Olympus" }],
    ["a pattern that never fires", { frequency: { cron: "0 0 30 2 *" } }],
    ["a day that no month has", { dayOfMonth: 32 }],
    ["nothing to keep", { keep: {} }],
  ];

  it("behavior: is refused when createBackups is called, each with a message of its own", () => {
    const messages = bad.map(([name, policy]) => {
      try {
        world(policy);
        throw new Error(`${name} was not refused`);
      } catch (error) {
        expect(error, name).toMatchObject({ code: "POLICY_INVALID" });
        return (error as Error).message;
      }
    });
    expect(new Set(messages).size).toBe(bad.length);
  });
});

describe("backups.before", () => {
  it("default: begins a backup", async () => {
    const one = world({});
    await one.start();
    const did = one.backups.prepareFor("app-update");
    if (did.answer !== "backup") throw new Error(did.answer);
    expect((await did.task.result).entry.details?.trigger).toBe("event");
    one.backups.stop();
  });

  it("behavior: the backup holds what the policy says", async () => {
    const one = world({ elements: ["messages"], excludeDisappearingMessages: true });
    await one.start();
    const did = one.backups.prepareFor("app-update");
    if (did.answer !== "backup") throw new Error(did.answer);
    expect((await did.task.result).entry.details).toMatchObject({ trigger: "event", elements: ["messages"], withoutDisappearing: true });
    one.backups.stop();
  });

  it("behavior: asks, or does nothing, when the policy says so", async () => {
    const one = world({ events: { "app-update": "ask", "os-update": "ignore" } });
    await one.start();
    expect(one.backups.prepareFor("os-update")).toEqual({ answer: "ignore" });
    expect(one.backups.prepareFor("app-update")).toMatchObject({ answer: "ask", reminder: { kind: "beforeEvent", event: "app-update" } });
    await settled();
    expect(one.archives()).toBe(0);
    one.backups.stop();
  });

  it("behavior: while a task runs it waits for its end, and events that pile up make one backup", async () => {
    const one = world({});
    await one.start();
    const release = one.host.failures.holdNext("exportArchive");
    const first = one.backups.backup();
    expect(one.backups.prepareFor("app-update")).toEqual({ answer: "later" });
    expect(one.backups.prepareFor("os-update")).toEqual({ answer: "later" });
    release();
    await first.result;
    await one.becomes(2);
    await one.pass(hour);
    expect(one.archives()).toBe(2);
    one.backups.stop();
  });
});

describe("reminders$", () => {
  it("default: suggests the first backup where backups are made by hand, and no more after it", async () => {
    const one = world({ frequency: "never" });
    await one.start();
    await vi.waitFor(() => expect(one.reminders().map(({ kind }) => kind)).toEqual(["setUp"]));
    await one.backups.backup().result;
    await vi.waitFor(() => expect(one.reminders().map(({ kind }) => kind)).not.toContain("setUp"));
    one.backups.stop();
  });

  it("behavior: what was dismissed stays away over a restart, what was put off comes back when said", async () => {
    const one = world({ frequency: "never" });
    await one.start();
    await vi.waitFor(() => expect(one.reminders()).toHaveLength(1));
    one.reminders()[0]?.snooze(one.clock.now() + 3 * hour);
    await vi.waitFor(() => expect(one.reminders()).toEqual([]));
    await one.pass(3 * hour + 16 * minute);
    await vi.waitFor(() => expect(one.reminders()).toHaveLength(1));
    one.reminders()[0]?.dismiss();
    await vi.waitFor(() => expect(one.reminders()).toEqual([]));
    await settled();
    one.backups.stop();
    const again = world({ frequency: "never" }, one);
    await again.start();
    await again.pass(2 * day);
    expect(again.reminders().map(({ kind }) => kind)).not.toContain("setUp");
    again.backups.stop();
  });

  it("behavior: none while a task runs", async () => {
    const one = world({ frequency: "never" });
    await one.start();
    await vi.waitFor(() => expect(one.reminders()).toHaveLength(1));
    const release = one.host.failures.holdNext("exportArchive");
    const task = one.backups.backup();
    await vi.waitFor(() => expect(one.reminders()).toEqual([]));
    release();
    await task.result;
    one.backups.stop();
  });

  it("behavior: the key is to be put in a safe place until the user says that it is", async () => {
    const one = world({ frequency: "never", reminders: { setUp: false } });
    await one.start();
    await one.backups.backup().result;
    await vi.waitFor(() => expect(one.reminders().map(({ kind }) => kind)).toEqual(["keyUnconfirmed"]));
    await one.backups.confirmKey();
    await vi.waitFor(() => expect(one.reminders()).toEqual([]));
    one.backups.stop();
  });
});
