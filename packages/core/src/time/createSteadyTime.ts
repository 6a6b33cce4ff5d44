import type { Clock } from "../ports/clock.ts";

/** How far clock and monotonic time may drift apart, in milliseconds, before somebody must have set the clock. */
const driftMs = 60_000;

/**
 * Says for how long the clock has gone on steadily while this process runs, in milliseconds; undefined where there is no monotonic time.
 *
 * It begins from 0 when the clock was set, or when the machine slept and the monotonic time did not go on.
 */
export function createSteadyTime(clock: Pick<Clock, "now" | "monotonic">): () => number | undefined {
  let began = read();

  function read() {
    return { clockMs: clock.now(), ranMs: clock.monotonic?.() };
  }

  return () => {
    const now = read();
    if (now.ranMs === undefined || began.ranMs === undefined) return undefined;
    const ranMs = now.ranMs - began.ranMs;
    if (Math.abs(now.clockMs - began.clockMs - ranMs) <= driftMs) return ranMs;
    began = now;
    return 0;
  };
}
