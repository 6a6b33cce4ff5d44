import type { MessageRange } from "../../ports/host.ts";

/** Bounds of a part of time: after its start, up to its end. It is open where a bound is undefined. */
type Bounds = { startNs?: bigint | undefined; endNs?: bigint | undefined };

/** Where a range begins; -1 where it is open. */
const startOf = ({ startNs }: MessageRange) => startNs ?? -1n;

/** The range with these bounds, and with nothing else that an object of them has. */
export function boundsOf({ startNs, endNs }: Bounds): MessageRange {
  return { ...(startNs !== undefined && { startNs }), ...(endNs !== undefined && { endNs }) };
}

/** The rest of an object that has a range. */
export function withoutRange<T extends MessageRange>({ startNs: _start, endNs: _end, ...rest }: T): Omit<T, keyof MessageRange> {
  return rest;
}

/** Whether a time lies in a range. */
export function isWithin(timeNs: bigint, { startNs, endNs }: MessageRange): boolean {
  return (startNs === undefined || timeNs > startNs) && (endNs === undefined || timeNs <= endNs);
}

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

/** Joins ranges across the shortest gaps until there are no more than so many. They are in order, and apart. */
export function atMostRanges(ranges: readonly MessageRange[], most: number): MessageRange[] {
  const gaps = ranges.slice(1).map((range, index) => ({ index: index + 1, lengthNs: startOf(range) - (ranges[index]?.endNs ?? 0n) }));
  const longest = gaps.sort((a, b) => (a.lengthNs < b.lengthNs ? 1 : -Number(a.lengthNs > b.lengthNs))).slice(0, Math.max(0, most - 1));
  const starts = new Set([0, ...longest.map(({ index }) => index)]);
  const joined: MessageRange[] = [];
  for (const [index, range] of ranges.entries()) {
    if (starts.has(index)) joined.push(range);
    else joined.push(boundsOf({ startNs: joined.pop()?.startNs, endNs: range.endNs }));
  }
  return joined;
}

/** Whether a time lies in one of the ranges. */
export function isWithinRanges(timeNs: bigint, ranges: readonly MessageRange[]): boolean {
  return ranges.some((range) => isWithin(timeNs, range));
}

function cutOut(range: MessageRange, { startNs, endNs }: MessageRange): MessageRange[] {
  const isApart =
    (endNs !== undefined && endNs <= startOf(range)) || (range.endNs !== undefined && startNs !== undefined && range.endNs <= startNs);
  if (isApart) return [range];
  const before = startNs !== undefined && startNs > startOf(range) ? [{ ...range, endNs: startNs }] : [];
  const after = endNs !== undefined && (range.endNs === undefined || endNs < range.endNs) ? [{ ...range, startNs: endNs }] : [];
  return [...before, ...after];
}
