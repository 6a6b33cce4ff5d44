import type { MessageRange } from "../../ports/host.ts";

export type SlicePlan = {
  /** One after the other they cover the whole range: after a start, up to an end. */
  ranges: MessageRange[];
};

type Slice = { startNs: bigint; endNs: bigint; messages: number };

/** About how many messages one slice should hold. */
export const messagesPerSlice = 5_000;
const mostSlices = 20;
const mostCuts = 60;
const shortestSliceNs = 1_000_000_000n;

/**
 * Cuts a range of time so that each slice holds about as many messages, by halving the fullest one again and again and
 * joining neighbours that are nearly empty.
 *
 * The first slice keeps the range's own start and the last one its end, open where the range is. So messages outside the known times are
 * in them.
 *
 * @param count - how many messages lie in a part of the range; an estimate is enough
 */
export async function planSlices(
  range: MessageRange,
  span: { firstNs: bigint; lastNs: bigint },
  count: (range: MessageRange) => Promise<number>,
): Promise<SlicePlan> {
  const total = await count(range);
  const most = Math.max(messagesPerSlice, Math.ceil(total / mostSlices));
  const slices: Slice[] = [{ startNs: range.startNs ?? span.firstNs, endNs: range.endNs ?? span.lastNs, messages: total }];
  for (let cuts = 0; cuts < mostCuts; cuts += 1) {
    const fullest = slices.reduce((a, b) => (b.messages > a.messages && isLong(b) ? b : a));
    if (fullest.messages <= most || !isLong(fullest)) break;
    const middleNs = fullest.startNs + (fullest.endNs - fullest.startNs) / 2n;
    const early = await count({ startNs: fullest.startNs, endNs: middleNs });
    const halves = [
      { startNs: fullest.startNs, endNs: middleNs, messages: early },
      { startNs: middleNs, endNs: fullest.endNs, messages: Math.max(fullest.messages - early, 0) },
    ];
    slices.splice(slices.indexOf(fullest), 1, ...halves);
  }
  const joined = joinNeighbours(slices, most);
  return { ranges: joined.map((slice, index) => bounded(range, slice, index === 0, index === joined.length - 1)) };
}

function isLong({ startNs, endNs }: Slice): boolean {
  return endNs - startNs > shortestSliceNs;
}

function joinNeighbours(slices: readonly Slice[], most: number): Slice[] {
  const joined: Slice[] = [];
  for (const slice of slices) {
    const last = joined.at(-1);
    if (last && last.messages + slice.messages <= most) {
      last.endNs = slice.endNs;
      last.messages += slice.messages;
    } else joined.push({ ...slice });
  }
  return joined;
}

function bounded(range: MessageRange, { startNs, endNs }: Slice, isFirst: boolean, isLast: boolean): MessageRange {
  const start = isFirst ? range.startNs : startNs;
  const end = isLast ? range.endNs : endNs;
  return { ...(start !== undefined && { startNs: start }), ...(end !== undefined && { endNs: end }) };
}
