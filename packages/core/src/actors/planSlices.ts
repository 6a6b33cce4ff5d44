import type { MessageRange } from "../ports/host.ts";

export type SlicePlan = {
  /** One after the other they cover the whole range: after a start, up to an end. */
  ranges: MessageRange[];
};

type Slice = { startNs: bigint; endNs: bigint; messages: number };

/** About how many messages one slice should hold. */
export const messagesPerSlice = 5_000;
const mostSlices = 20;
const shortestSliceNs = 1_000_000_000n;

/**
 * Cuts a range of time so that each slice holds about as many messages, by halving the fullest one again and again.
 *
 * The first slice keeps the range's own start and the last one its end, open where the range is: what lies outside the
 * times that were looked at is in them.
 *
 * @param count - how many messages lie in a part of the range; an estimate is enough
 */
export async function planSlices(
  range: MessageRange,
  span: { firstNs: bigint; lastNs: bigint },
  count: (range: MessageRange) => Promise<number>,
): Promise<SlicePlan> {
  const whole = { startNs: range.startNs ?? span.firstNs, endNs: range.endNs ?? span.lastNs };
  const slices: Slice[] = [{ ...whole, messages: await count(range) }];
  for (;;) {
    const fullest = slices.reduce((a, b) => (b.messages > a.messages ? b : a));
    const length = fullest.endNs - fullest.startNs;
    if (slices.length >= mostSlices || fullest.messages <= messagesPerSlice || length <= shortestSliceNs) break;
    const middleNs = fullest.startNs + length / 2n;
    const early = await count({ startNs: fullest.startNs, endNs: middleNs });
    const halves = [
      { startNs: fullest.startNs, endNs: middleNs, messages: early },
      { startNs: middleNs, endNs: fullest.endNs, messages: Math.max(fullest.messages - early, 0) },
    ];
    slices.splice(slices.indexOf(fullest), 1, ...halves);
  }
  return { ranges: slices.map((slice, index) => bounded(range, slice, index === 0, index === slices.length - 1)) };
}

function bounded(range: MessageRange, { startNs, endNs }: Slice, isFirst: boolean, isLast: boolean): MessageRange {
  const start = isFirst ? range.startNs : startNs;
  const end = isLast ? range.endNs : endNs;
  return { ...(start !== undefined && { startNs: start }), ...(end !== undefined && { endNs: end }) };
}
