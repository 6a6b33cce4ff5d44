import type { MessageRange } from "../../ports/host.ts";
import { boundsOf } from "./timeRanges.ts";

/** Shorter than this, a range is narrow enough to be named, if it holds one message. */
const pointNs = 1_000_000_000n;

/** The time in which the client's messages lie. */
export type Span = { firstNs: bigint; lastNs: bigint };

/**
 * The two halves of a range, which cover all of it; undefined when it is too short for two.
 *
 * @param span where an open end of the range is halved from
 */
export function halveRange({ startNs, endNs }: MessageRange, span: Span): [MessageRange, MessageRange] | undefined {
  const fromNs = startNs ?? span.firstNs;
  const toNs = endNs ?? span.lastNs;
  const middleNs = fromNs + (toNs - fromNs) / 2n;
  if (toNs - fromNs <= 1n) return undefined;
  return [boundsOf({ startNs, endNs: middleNs }), boundsOf({ startNs: middleNs, endNs })];
}

/** Whether a range is closed and lasts a second at most. */
export function isPoint({ startNs, endNs }: MessageRange): boolean {
  return startNs !== undefined && endNs !== undefined && endNs - startNs <= pointNs;
}
