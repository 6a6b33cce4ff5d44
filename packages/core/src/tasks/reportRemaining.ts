import type { Progress } from "./progress.ts";
import { noRate, remainingMs, stepRate } from "./rules/rate.ts";

type Determinate = Extract<Progress, { kind: "determinate" }>;

/** Each report costs as much as the reading of some records: a stage reports a hundredth more, or what was done in that time. */
const parts = 100;
const spacingMs = 100;

/**
 * Adds to what a stage reports how long the rest of it takes, at its own rate so far. Of reports that follow one another closely it leaves
 * out those that show hardly more.
 *
 * @param steadyMs - a time that nobody sets; undefined where there is none
 */
export function reportRemaining(report: (progress: Progress) => void, steadyMs: () => number | undefined): (progress: Progress) => void {
  let rate = noRate;
  let last: (Determinate & { atMs: number }) | undefined;
  return (progress) => {
    const atMs = progress.kind === "determinate" ? steadyMs() : undefined;
    if (progress.kind === "indeterminate" || atMs === undefined) return report(progress);
    if (last && atMs - last.atMs < spacingMs && isHardlyMore(progress, last)) return;
    last = { ...progress, atMs };
    rate = stepRate(rate, { atMs, done: progress.done });
    const leftMs = remainingMs(rate, progress.total);
    report({ ...progress, ...(leftMs !== undefined && { remainingMs: leftMs }) });
  };
}

function isHardlyMore({ done, total }: Determinate, last: Determinate): boolean {
  return total === last.total && done < total && done >= last.done && (done - last.done) * parts < total;
}
