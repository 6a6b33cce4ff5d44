import { toHex } from "../protobuf/hex.ts";
import { ELEMENT, type RecordScan } from "../protobuf/recordScan.ts";

/** A part of time: after its start, up to its end, in nanoseconds since 1970; open where it has no bound. */
export type ArchiveTimeRange = { startNs?: bigint | undefined; endNs?: bigint | undefined };

/** What a merge leaves out of one of its inputs, since another input knows it better. */
export type ArchiveMergeException = {
  /** Its consent records. @default false */
  consent?: boolean | undefined;
  /** Messages that were sent in these times. @default none */
  sentIn?: readonly ArchiveTimeRange[] | undefined;
  /** Records of conversations of which no message is written, where no other input has one. @default false */
  emptyConversations?: boolean | undefined;
  /** Conversations whose messages stay whenever they were sent, by their ids in lower-case hex. @default none */
  butOf?: ReadonlySet<string> | undefined;
};

/** Whether an input's record is left out. */
export type LeavesOut = (scan: RecordScan) => boolean;

/** Leaves out what any of the exceptions names. */
export const leavesOut = (exceptions: readonly ArchiveMergeException[]): LeavesOut => {
  const each = exceptions.map(leavesOutOne);
  return (scan) => each.some((leaves) => leaves(scan));
};

const leavesOutOne = ({ consent = false, sentIn = [], butOf }: ArchiveMergeException): LeavesOut => {
  const ranges = sentIn.filter(({ startNs, endNs }) => startNs === undefined || endNs === undefined || startNs < endNs);
  return (scan) => {
    if (scan.element === ELEMENT.consent) return consent;
    if (scan.element !== ELEMENT.message || ranges.length === 0) return false;
    if (butOf !== undefined && butOf.size > 0 && butOf.has(toHex(scan.bytes.subarray(scan.groupStart, scan.groupEnd)))) return false;
    const sentNs = scan.sentAtNs();
    return ranges.some(({ startNs, endNs }) => (startNs === undefined || sentNs > startNs) && (endNs === undefined || sentNs <= endNs));
  };
};
