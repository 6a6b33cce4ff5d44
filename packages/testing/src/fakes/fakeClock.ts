import type { Clock } from "@xmtp-backup/core";

export type FakeClock = Clock & {
  /** Moves time on and runs every timer that falls due, in order. */
  advance(byMs: number): void;
  /** Moves time on and runs no timer, as a machine does that sleeps; what fell due meanwhile runs with the next `advance`. */
  sleep(byMs: number): void;
  setTimeZone(timeZone: string): void;
  /** How many timers wait: with none, something is under way, or nothing ever will be. */
  readonly timers: number;
};

/** A clock that stands still until a test moves it. */
export function fakeClock(startMs = Date.UTC(2026, 0, 1), timeZone = "UTC"): FakeClock {
  let nowMs = startMs;
  let zone = timeZone;
  let nextId = 1;
  const timers = new Map<number, { atMs: number; callback: () => void }>();
  return {
    now: () => nowMs,
    timeZone: () => zone,
    setTimeZone(next) {
      zone = next;
    },
    get timers() {
      return timers.size;
    },
    setTimeout(callback, delayMs) {
      timers.set(nextId, { atMs: nowMs + delayMs, callback });
      return nextId++;
    },
    clearTimeout(id) {
      timers.delete(id as number);
    },
    sleep(byMs) {
      nowMs += byMs;
    },
    advance(byMs) {
      const untilMs = nowMs + byMs;
      for (;;) {
        const due = [...timers].filter(([, { atMs }]) => atMs <= untilMs).sort(([, a], [, b]) => a.atMs - b.atMs)[0];
        if (!due) break;
        const [id, { atMs, callback }] = due;
        timers.delete(id);
        nowMs = Math.max(nowMs, atMs);
        callback();
      }
      nowMs = untilMs;
    },
  };
}
