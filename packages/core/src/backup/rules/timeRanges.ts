import type { MessageRange } from "../../ports/host.ts";

/** A part of time: after its start, up to its end; open where it has no bound. */
const startOf = ({ startNs }: MessageRange) => startNs ?? -1n;

/** The same times in as few ranges as there are parts, in order. */
export function uniteRanges(ranges: readonly MessageRange[]): MessageRange[] {
  const united: MessageRange[] = [];
  for (const range of [...ranges].sort((a, b) => (startOf(a) < startOf(b) ? -1 : Number(startOf(a) > startOf(b))))) {
    const last = united.at(-1);
    if (!last || (last.endNs !== undefined && startOf(range) > last.endNs)) {
      united.push({ ...range });
      continue;
    }
    if (range.endNs === undefined) delete last.endNs;
    else if (last.endNs !== undefined && range.endNs > last.endNs) last.endNs = range.endNs;
  }
  return united;
}

/** What of the ranges lies outside others. */
export function withoutRanges(ranges: readonly MessageRange[], others: readonly MessageRange[]): MessageRange[] {
  let left = [...ranges];
  for (const other of others) left = left.flatMap((range) => cutOut(range, other));
  return left;
}

/** Joins ranges across the shortest gaps until there are no more than so many. */
export function atMostRanges(ranges: readonly MessageRange[], most: number): MessageRange[] {
  const joined = uniteRanges(ranges);
  while (joined.length > most) {
    let nearest = 1;
    const gapBefore = (index: number) => startOf(joined[index] as MessageRange) - (joined[index - 1]?.endNs ?? 0n);
    for (let index = 2; index < joined.length; index += 1) if (gapBefore(index) < gapBefore(nearest)) nearest = index;
    const [later] = joined.splice(nearest, 1);
    const before = joined[nearest - 1] as MessageRange;
    if (later?.endNs === undefined) delete before.endNs;
    else before.endNs = later.endNs;
  }
  return joined;
}

/** Whether a time lies in one of the ranges. */
export function isWithinRanges(timeNs: bigint, ranges: readonly MessageRange[]): boolean {
  return ranges.some((range) => timeNs > startOf(range) && (range.endNs === undefined || timeNs <= range.endNs));
}

function cutOut(range: MessageRange, { startNs, endNs }: MessageRange): MessageRange[] {
  const isApart =
    (endNs !== undefined && endNs <= startOf(range)) || (range.endNs !== undefined && startNs !== undefined && range.endNs <= startNs);
  if (isApart) return [range];
  const before = startNs !== undefined && startNs > startOf(range) ? [{ ...range, endNs: startNs }] : [];
  const after = endNs !== undefined && (range.endNs === undefined || endNs < range.endNs) ? [{ ...range, startNs: endNs }] : [];
  return [...before, ...after];
}
