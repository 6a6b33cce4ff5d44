import { type BackupPolicy, type BackupStatus, createBackups, type ReminderHandle } from "@xmtp-backup/core";
import { fakeClock, fakeDevice, fakeHost, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { expect, vi } from "vitest";

export const minute = 60_000;

export const hour = 60 * minute;

export const day = 24 * hour;

/** A client without history, so that nothing is due at once, with a policy, on a clock that stands at the 1st of January 2026, 00:00 UTC, a Thursday. */
export function world(policy: BackupPolicy, parts: Partial<Parts> = {}) {
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
        { interval: 1 },
      ),
    async becomes(count: number) {
      await vi.waitFor(() => expect(archives()).toBe(count));
      await vi.waitFor(() => expect(status.running).toBeUndefined());
    },
  };
}

export type Parts = {
  clock: ReturnType<typeof fakeClock>;
  device: ReturnType<typeof fakeDevice>;
  host: ReturnType<typeof fakeHost>;
  store: ReturnType<typeof memoryStore>;
  keys: ReturnType<typeof memoryKeys>;
};

/** The policy answers within some turns of the event loop; nothing waits for a real timer. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
