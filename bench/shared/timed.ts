import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";

/** How long some work took. */
export type Run = {
  seconds: number;
  /** The longest time in which the event loop answered nobody, up to `resolutionMs` too long. */
  pauseMs: number;
};

const resolutionMs = 5;

export async function timed(work: () => Promise<unknown>): Promise<Run> {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  await wait(2 * resolutionMs);
  delay.reset();
  // A pause is seen between two timers: one has to fire before the work begins, after the reset, and one after the work.
  await wait(2 * resolutionMs);
  const startMs = performance.now();
  await work();
  const seconds = (performance.now() - startMs) / 1_000;
  await wait(2 * resolutionMs);
  delay.disable();
  return { seconds, pauseMs: delay.max / 1e6 };
}

/** How long some work takes, in seconds. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1_000;
}
