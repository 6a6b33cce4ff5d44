import { describe, expect, it } from "vitest";
import { determinate, indeterminate, type Progress } from "./progress.ts";
import { reportRemaining } from "./reportRemaining.ts";

/** What is reported of the bytes done, each at a time in milliseconds. */
function reported(steps: readonly (readonly [atMs: number, done: number])[], total = 1_000, hasClock = true): number[] {
  const seen: number[] = [];
  let nowMs = 0;
  const take = (progress: Progress) => seen.push(progress.kind === "determinate" ? progress.done : -1);
  const report = reportRemaining(take, () => (hasClock ? nowMs : undefined));
  for (const [atMs, done] of steps) {
    nowMs = atMs;
    report(done < 0 ? indeterminate : determinate(done, total, "bytes"));
  }
  return seen;
}

describe("reportRemaining", () => {
  it("default: reports that follow closely and show less than a hundredth more are left out", () =>
    expect(
      reported([
        [0, 0],
        [1, 4],
        [2, 9],
        [3, 10],
        [4, 15],
        [5, 500],
      ]),
    ).toEqual([0, 10, 500]));

  it("behavior: the end is always reported, and so is what is done after a while", () =>
    expect(
      reported([
        [0, 990],
        [50, 995],
        [100, 996],
        [101, 997],
        [102, 1_000],
      ]),
    ).toEqual([990, 996, 1_000]));

  it("behavior: work that begins again is reported, and so is what has no total", () =>
    expect(
      reported([
        [0, 500],
        [1, 100],
        [2, -1],
        [3, 101],
      ]),
    ).toEqual([500, 100, -1]));

  it("behavior: without a clock everything is reported", () =>
    expect(
      reported(
        [
          [0, 1],
          [0, 2],
          [0, 3],
        ],
        1_000,
        false,
      ),
    ).toEqual([1, 2, 3]));
});
