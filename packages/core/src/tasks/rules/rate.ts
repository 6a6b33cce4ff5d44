/** How much was done at a time. */
type Mark = { atMs: number; done: number };

/** How fast work has gone on lately. */
export type Rate = { readonly marks: readonly Mark[] };

export const noRate: Rate = { marks: [] };

/** Work of other length than a second is measured alike: a mark takes the place of the one before if it comes sooner. */
const spacingMs = 1_000;
/** The rate is that of the last marks, so that it follows a machine that slept, or became slower. */
const mostMarks = 12;
/** Before that, a rate is a guess. */
const leastMs = 2_000;

/** Adds what is done by now; begins again where time or work went back. */
export function stepRate({ marks }: Rate, mark: Mark): Rate {
  const last = marks.at(-1);
  if (!last || mark.atMs < last.atMs || mark.done < last.done) return { marks: [mark] };
  const before = marks.at(-2);
  const kept = before && mark.atMs - before.atMs < spacingMs ? marks.slice(0, -1) : marks;
  return { marks: [...kept, mark].slice(-mostMarks) };
}

/** How long the rest takes at this rate, in milliseconds; undefined until that can be known. */
export function remainingMs({ marks }: Rate, total: number): number | undefined {
  const [first, last] = [marks[0], marks.at(-1)];
  if (!first || !last || last.done <= first.done || last.atMs - first.atMs < leastMs) return undefined;
  return Math.max(0, Math.round(((total - last.done) * (last.atMs - first.atMs)) / (last.done - first.done)));
}
