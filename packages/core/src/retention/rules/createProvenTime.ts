import type { ArchiveEntry } from "../../archives/archiveEntry.ts";
import { dayMs } from "../../time/wallTime.ts";

/** What tells whether time really passed between two archives. */
export type TimeWitness = {
  /** Milliseconds since 1970. */
  nowMs: number;
  /** How long this process has run on a clock that nobody set meanwhile, in milliseconds. @default not known */
  steadyMs?: number | undefined;
  /** When the last message was sent that any archive of the inbox holds; undefined when none holds any. */
  lastMessageMs(): number | undefined;
};

/** A gap up to this long is never doubted. */
const trustedMs = 2 * dayMs;
/** How many of the gaps before it say what is usual. */
const looksBack = 9;

/**
 * The dates of archives as far as they are proven: each gap that nothing proves is taken out. To be asked from the newest to the oldest.
 *
 * A clock that was wrong for one backup puts the newest archive years after the one before it. Archives that are kept for a time before
 * the newest would then all seem too old. A gap is doubted when it is unusually long. A message that was sent near its end or later
 * proves it, and so does this process, if it has run all through it.
 *
 * @param dateAt - the date of an archive, in milliseconds since 1970; undefined after the oldest
 * @param withinMs - the shortest time that matters
 */
export function createProvenTime(
  dateAt: (index: number) => number | undefined,
  withinMs: number,
  { nowMs, steadyMs = 0, lastMessageMs }: TimeWitness,
): (index: number) => number {
  const leastMs = Math.min(trustedMs, withinMs / 2);
  const steadySinceMs = nowMs - steadyMs;
  let takenOutMs = 0;
  let walked = 0;
  let laterMs = dateAt(0) ?? nowMs;

  function isDoubted(dateMs: number, index: number): boolean {
    const gapMs = laterMs - dateMs;
    if (gapMs <= leastMs || dateMs >= steadySinceMs) return false;
    const longestMs = Math.max(leastMs, 2 * usualGap(dateAt, index));
    return gapMs > longestMs && (lastMessageMs() ?? Infinity) < laterMs - longestMs;
  }

  return (index) => {
    while (walked < index) {
      walked += 1;
      const dateMs = dateAt(walked) ?? laterMs;
      if (isDoubted(dateMs, walked)) takenOutMs += laterMs - dateMs;
      laterMs = dateMs;
    }
    return laterMs + takenOutMs;
  };
}

/** The median of the gaps before an archive; 0 when there are none. */
function usualGap(dateAt: (index: number) => number | undefined, from: number): number {
  const gaps: number[] = [];
  for (let index = from; index < from + looksBack; index += 1) {
    const [laterMs, earlierMs] = [dateAt(index), dateAt(index + 1)];
    if (laterMs === undefined || earlierMs === undefined) break;
    gaps.push(laterMs - earlierMs);
  }
  return gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? 0;
}

/** When the last message was sent that one of these archives holds, in milliseconds since 1970. */
export function lastMessageOf(archives: readonly ArchiveEntry[], inboxId: string): number | undefined {
  let lastNs: bigint | undefined;
  for (const { details } of archives) {
    if (details?.inboxId !== inboxId || details.lastMessageNs === undefined) continue;
    if (lastNs === undefined || details.lastMessageNs > lastNs) lastNs = details.lastMessageNs;
  }
  return lastNs === undefined ? undefined : Number(lastNs / 1_000_000n);
}
