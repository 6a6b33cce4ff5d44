import { BackupError, type BackupPolicy, createBackups } from "@xmtp-backup/core";
import { fakeClock, fakeDevice, fakeHost, fakeInbox, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";

/** Every text in a value, but for errors, which have codes of their own. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || value instanceof Error) return [];
  return Object.values(value).flatMap(textsIn);
}

/** A code, an id, a time of day or the name of an event: nothing that a sentence could be. */
const code = /^[\w:.-]*$/;

/** Backups whose status, reminders and advice are kept as they come. */
function watched(policy: BackupPolicy) {
  const clock = fakeClock();
  const parts = { clock, device: fakeDevice(), host: fakeHost({ inbox: fakeInbox() }), store: memoryStore(clock.now), keys: memoryKeys() };
  const backups = createBackups({ ...parts, policy });
  const shown: unknown[] = [];
  const seen = new Set<string>();
  backups.status$.subscribe((status) => {
    shown.push(status);
    if (status.health) seen.add(status.health.reason);
    if (status.nextRun) seen.add(status.nextRun.why);
  });
  backups.reminders$.subscribe((reminders) => shown.push(reminders));
  return { ...parts, backups, shown, seen };
}

describe("what an app shows", () => {
  it("default: is codes and numbers through a life with failures, so that every sentence comes from a catalogue", async () => {
    const one = watched({ frequency: "daily", conditions: { charging: true }, verifyEvery: "1d", keep: { last: 2, weekly: 1 } });
    const { backups, clock, store, device, shown, seen } = one;
    const until = (reason: string) =>
      vi.waitFor(
        () => {
          if (clock.timers > 0) clock.advance(15 * 60_000);
          expect(seen).toContain(reason);
        },
        { interval: 1 },
      );
    device.setConditions({ charging: false });
    await backups.start();
    await until("conditions");
    store.failures.failNext("put", new BackupError("STORE_UNAVAILABLE", "The network is down."), 2);
    device.setConditions({ charging: true });
    await until("backoff");
    await until("protected");
    store.failures.failNext("put", new BackupError("STORE_FULL", "The disk is full."));
    await until("userNeeded");
    await until("user");
    backups.retry();
    const running = backups.backup();
    shown.push(backups.closingAdvice());
    await running.result.catch(() => undefined);
    const [newest] = await backups.list();
    if (newest) store.archives.delete(newest.id);
    await until("damaged");
    shown.push(backups.prepareFor("app-update"), await backups.planRetention(), await backups.planRetention({ last: 1 }));
    expect(shown.flatMap(textsIn).filter((text) => !code.test(text))).toEqual([]);
    backups.stop();
  });
});
