import type { Progress } from "./progress.ts";
import { noRate, remainingMs, stepRate } from "./rules/rate.ts";

/**
 * Adds to what a stage reports how long the rest of it takes, at its own rate so far.
 *
 * @param steadyMs - a time that nobody sets; undefined where there is none
 */
export function reportRemaining(report: (progress: Progress) => void, steadyMs: () => number | undefined): (progress: Progress) => void {
  let rate = noRate;
  return (progress) => {
    const atMs = progress.kind === "determinate" ? steadyMs() : undefined;
    if (progress.kind === "indeterminate" || atMs === undefined) return report(progress);
    rate = stepRate(rate, { atMs, done: progress.done });
    const leftMs = remainingMs(rate, progress.total);
    report({ ...progress, ...(leftMs !== undefined && { remainingMs: leftMs }) });
  };
}
