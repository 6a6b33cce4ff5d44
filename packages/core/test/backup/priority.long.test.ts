import { createBackups, type Progress, type TaskState } from "@xmtp-backup/core";
import { type FakeClock, fakeClock, fakeInbox } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { nodePrimitives } from "../../../node/src/host/nodePrimitives.ts";
import { partsOf, world } from "../support/world.ts";

const exportMs = 3_000;

/** 12,000 messages in three slices or four, each of which the client exports in three seconds. */
function slowWorld() {
  const startNs = 1_767_200_000_000_000_000n;
  const base = world({ inbox: fakeInbox({ groups: 3, messagesEach: 4_000, startNs }) });
  Object.assign(base.host, { primitives: nodePrimitives });
  base.clock.advance(30 * 86_400_000);
  const beganMs = base.clock.now();
  const clock: FakeClock = Object.assign(base.clock, { monotonic: () => base.clock.now() - beganMs });
  const exportArchive = base.host.exportArchive.bind(base.host);
  const seen = { exports: 0, running: 0, most: 0 };
  vi.spyOn(base.host, "exportArchive").mockImplementation(async (...args) => {
    seen.exports += 1;
    seen.running += 1;
    seen.most = Math.max(seen.most, seen.running);
    const archive = await exportArchive(...args);
    seen.running -= 1;
    clock.sleep(exportMs);
    return archive;
  });
  return { ...base, seen, backups: createBackups({ ...partsOf({ ...base, clock }) }) };
}

function progressOf(task: { state$: { subscribe(next: (state: TaskState<string>) => void): unknown } }): Progress[] {
  const all: Progress[] = [];
  task.state$.subscribe((state) => void (state.status === "running" && state.stage === "exporting" && all.push(state.progress)));
  return all;
}

describe("the priority of a backup", () => {
  it("default: exports side by side, without a rest, and says how long the rest takes", async () => {
    const { backups, clock, seen, host } = slowWorld();
    const task = backups.backup();
    const progress = progressOf(task);
    await task.result;
    expect(seen.most).toBe(host.features.parallelExports);
    expect(clock.timers).toBe(0);
    const remaining = progress.flatMap((each) => (each.kind === "determinate" && each.remainingMs !== undefined ? [each.remainingMs] : []));
    expect(remaining.length).toBeGreaterThanOrEqual(seen.exports - 1);
    expect(remaining.at(-1)).toBe(0);
    expect(remaining[0]).toBeGreaterThan(exportMs);
  });

  it("parameters: priority: low: one at a time, each followed by a rest as long as it took, but the last", async () => {
    const { backups, clock, seen } = slowWorld();
    const setTimeout = vi.spyOn(clock, "setTimeout");
    const task = backups.backup({ priority: "low" });
    let hasEnded = false;
    const ended = task.result.finally(() => (hasEnded = true));
    while (!hasEnded) {
      await vi.waitFor(() => expect(clock.timers > 0 || hasEnded).toBe(true), { timeout: 20_000, interval: 1 });
      clock.advance(exportMs);
    }
    const { entry } = await ended;
    expect(entry.details?.counts.messages).toBe(12_000);
    expect(seen.most).toBe(1);
    const rests = setTimeout.mock.calls.filter(([, delayMs]) => delayMs === exportMs);
    expect(rests).toHaveLength(seen.exports - 1);
  });

  it("behavior: a cancel ends a rest at once and leaves nothing behind", async () => {
    const { backups, clock, seen, host, store } = slowWorld();
    const task = backups.backup({ priority: "low" });
    await vi.waitFor(() => expect(clock.timers).toBe(1), { timeout: 20_000, interval: 1 });
    await task.cancel();
    expect(task.getState().status).toBe("cancelled");
    expect([clock.timers, seen.exports, host.unreleased, store.archives.size]).toEqual([0, 1, 0, 0]);
  });

  it("behavior: without a time that nobody sets there is no rest", async () => {
    const { host, store, keys, clock } = slowWorld();
    const { monotonic: _monotonic, ...plain } = clock;
    const backups = createBackups({ host, store, keys, clock: { ...plain, ...fakeClock() } });
    await backups.backup({ priority: "low" }).result;
    expect(clock.timers).toBe(0);
  });

  it("parameters: priority: another word is refused", async () => {
    await expect(world().backups.backup({ priority: "high" as never }).result).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
  });
});
