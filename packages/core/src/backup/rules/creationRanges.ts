import type { MessageRange } from "../../ports/host.ts";

export type CreationRangesOptions = {
  /** About how many messages lie in a range. @default nobody knows: only neighbours within a minute are joined */
  messagesIn?: (range: Required<MessageRange>) => number;
  /** How many ranges there are at most; the nearest neighbours are joined beyond that. @default 256 */
  most?: number;
};

/** The SDK's export of a range reads its whole table once more, which costs about as much as so many messages do. */
const messagesPerScan = 150;
const nearNs = 60_000_000_000n;

/**
 * The shortest ranges of time that hold the given moments, in order. An export of them holds the conversations that were created then, and
 * hardly a message.
 *
 * Each range costs the SDK one scan of its messages, so neighbours with few messages between them are one range.
 */
export function creationRanges(
  timesNs: readonly bigint[],
  { messagesIn, most = 256 }: CreationRangesOptions = {},
): Required<MessageRange>[] {
  const joined: Required<MessageRange>[] = [];
  for (const timeNs of [...timesNs].sort((a, b) => (a < b ? -1 : Number(a > b)))) {
    const last = joined.at(-1);
    const moment = { startNs: timeNs - 1n, endNs: timeNs + 1n };
    if (last && isOneExport(last.endNs, moment.startNs, messagesIn)) last.endNs = moment.endNs;
    else joined.push(moment);
  }
  return atMost(joined, most);
}

function isOneExport(fromNs: bigint, toNs: bigint, messagesIn: CreationRangesOptions["messagesIn"]): boolean {
  if (toNs <= fromNs) return true;
  return messagesIn ? messagesIn({ startNs: fromNs, endNs: toNs }) <= messagesPerScan : toNs - fromNs <= nearNs;
}

/** Joins across the shortest gaps until there are no more ranges than that. */
function atMost(ranges: readonly Required<MessageRange>[], most: number): Required<MessageRange>[] {
  const gaps = ranges.slice(1).map(({ startNs }, index) => ({ index: index + 1, lengthNs: startNs - (ranges[index]?.endNs ?? 0n) }));
  const longest = gaps.sort((a, b) => (a.lengthNs < b.lengthNs ? 1 : -Number(a.lengthNs > b.lengthNs))).slice(0, Math.max(0, most - 1));
  const starts = new Set([0, ...longest.map(({ index }) => index)]);
  const joined: Required<MessageRange>[] = [];
  for (const [index, range] of ranges.entries()) {
    const last = joined.at(-1);
    if (last && !starts.has(index)) last.endNs = range.endNs;
    else joined.push({ ...range });
  }
  return joined;
}
