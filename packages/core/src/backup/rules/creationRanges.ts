import type { MessageRange } from "../../ports/host.ts";
import { atMostRanges } from "./timeRanges.ts";

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
export function creationRanges(timesNs: readonly bigint[], { messagesIn, most = 256 }: CreationRangesOptions = {}): MessageRange[] {
  const joined: Required<MessageRange>[] = [];
  for (const timeNs of [...timesNs].sort((a, b) => (a < b ? -1 : Number(a > b)))) {
    const last = joined.at(-1);
    const moment = { startNs: timeNs - 1n, endNs: timeNs + 1n };
    if (last && isOneExport(last.endNs, moment.startNs, messagesIn)) last.endNs = moment.endNs;
    else joined.push(moment);
  }
  return atMostRanges(joined, most);
}

function isOneExport(fromNs: bigint, toNs: bigint, messagesIn: CreationRangesOptions["messagesIn"]): boolean {
  if (toNs <= fromNs) return true;
  return messagesIn ? messagesIn({ startNs: fromNs, endNs: toNs }) <= messagesPerScan : toNs - fromNs <= nearNs;
}
