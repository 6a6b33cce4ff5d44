import { BackupError, type DeviceEvent, keepStarting, type LogEvent, type Logger } from "@xmtp-backup/core";
import { fakeClock } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { world } from "../support/world.ts";

const minuteMs = 60_000;

/** Backups that fail to start as often as is said, a device that is told what happens, and what is logged. */
function failing(times: number) {
  const clock = fakeClock();
  const warned: LogEvent[] = [];
  const logger: Logger = { debug() {}, info() {}, warn: (event) => void warned.push(event), error() {} };
  const { backups } = world({}, { policy: { frequency: "never" } });
  let listener: ((event: DeviceEvent) => void) | undefined;
  const device = { watch: (hear: (event: DeviceEvent) => void) => ((listener = hear), () => (listener = undefined)) };
  const start = vi.fn(async () => {
    if (start.mock.calls.length <= times) throw new BackupError("HOST_FAILED", "The network is down.");
    return backups.start();
  });
  const leaving = new AbortController();
  let isOver = false;
  const keeping = keepStarting({ start }, { signal: leaving.signal, device, clock, logger }).then(() => (isOver = true));
  const rests = () => vi.waitFor(() => expect(clock.timers).toBe(1));
  return {
    clock,
    warned,
    backups,
    start,
    leaving,
    keeping,
    rests,
    tell: (event: DeviceEvent) => listener?.(event),
    isOver: () => isOver,
    isWatching: () => listener !== undefined,
  };
}

describe("keepStarting", () => {
  it("default: what starts is started once, and nothing is logged", async () => {
    const { keeping, start, warned, clock, backups, isWatching } = failing(0);
    await keeping;
    expect([start.mock.calls.length, warned, clock.timers, isWatching()]).toEqual([1, [], 0, false]);
    backups.stop();
  });

  it("default: tries again after growing pauses, and logs the first failure alone", async () => {
    const { keeping, start, warned, clock, rests, backups } = failing(3);
    for (const [index, minutes] of [1, 2, 4].entries()) {
      await rests();
      expect(start).toHaveBeenCalledTimes(index + 1);
      // A fifth of the pause may be left to chance.
      clock.advance(minutes * 0.79 * minuteMs);
      expect(clock.timers).toBe(1);
      clock.advance(minutes * 0.21 * minuteMs);
    }
    await keeping;
    expect(start).toHaveBeenCalledTimes(4);
    expect(warned).toMatchObject([{ event: "start.failed", code: "HOST_FAILED" }]);
    backups.stop();
  });

  it.each(["online", "wake"] as const)("behavior: tries again at once when the device says %s", async (event) => {
    const { keeping, start, rests, tell, clock, backups, isWatching } = failing(1);
    await rests();
    tell("changed");
    expect(clock.timers).toBe(1);
    tell(event);
    await keeping;
    expect([start.mock.calls.length, clock.timers, isWatching()]).toEqual([2, 0, false]);
    backups.stop();
  });

  it("behavior: what the device says during a try is worth the next one", async () => {
    const { keeping, start, tell, clock, backups } = failing(1);
    tell("online");
    await keeping;
    expect([start.mock.calls.length, clock.timers]).toEqual([2, 0]);
    backups.stop();
  });

  it("behavior: an abort ends it, in a pause and in a try, and logs nothing of it", async () => {
    const resting = failing(Infinity);
    await resting.rests();
    resting.leaving.abort();
    await resting.keeping;
    const trying = failing(Infinity);
    trying.leaving.abort();
    await trying.keeping;
    expect(trying.warned).toEqual([]);
    for (const { start, clock, isWatching } of [resting, trying])
      expect([start.mock.calls.length, clock.timers, isWatching()]).toEqual([1, 0, false]);
  });
});
