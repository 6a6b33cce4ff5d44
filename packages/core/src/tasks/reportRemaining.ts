import type { Progress } from "./progress.ts";
import { noPace, remainingMs, stepPace } from "./rules/pace.ts";

/**
 * Adds to what a stage reports how long the rest of it takes, at its own pace so far.
 *
 * @param steadyMs - a time that nobody sets; undefined where there is none
 */
export function reportRemaining(report: (progress: Progress) => void, steadyMs: () => number | undefined): (progress: Progress) => void {
  let pace = noPace;
  return (progress) => {
    const atMs = progress.kind === "determinate" ? steadyMs() : undefined;
    if (progress.kind === "indeterminate" || atMs === undefined) return report(progress);
    pace = stepPace(pace, { atMs, done: progress.done });
    const leftMs = remainingMs(pace, progress.total);
    report({ ...progress, ...(leftMs !== undefined && { remainingMs: leftMs }) });
  };
}
