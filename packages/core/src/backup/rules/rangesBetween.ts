import type { MessageRange } from "../../ports/host.ts";
import { boundsOf } from "./timeRanges.ts";

/** The slices of a range between some times; undefined where the times are not in order, or not within it. */
export function rangesBetween({ startNs, endNs }: MessageRange, cuts: readonly string[]): MessageRange[] | undefined {
  const times = cuts.map(BigInt);
  const bounds = [startNs ?? -1n, ...times, ...(endNs === undefined ? [] : [endNs])];
  if (cuts.length === 0 || bounds.some((timeNs, index) => index > 0 && timeNs <= (bounds[index - 1] as bigint))) return undefined;
  return toRanges(boundsOf({ startNs, endNs }), times);
}

/** Whether two ranges have the same bounds. */
export function sameRange(one: MessageRange, other: MessageRange): boolean {
  return one.startNs === other.startNs && one.endNs === other.endNs;
}

/** The parts of a range between some times, in order. */
export function toRanges({ startNs, endNs }: MessageRange, cuts: readonly bigint[]): MessageRange[] {
  return [...cuts, undefined].map((cut, index) => boundsOf({ startNs: index === 0 ? startNs : cuts[index - 1], endNs: cut ?? endNs }));
}
