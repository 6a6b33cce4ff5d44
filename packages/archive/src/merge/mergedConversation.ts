import type { ArchiveRecord } from "../model/archiveRecord.ts";
import { encodeRecord } from "../protobuf/recordCodec.ts";
import { type ArchiveGroupValues, isPlaceholder, withGroupValues } from "../restored/groupValues.ts";
import { TimeRange } from "../survey/timeRange.ts";
import { dmPair } from "../facts/dmPair.ts";
import { superAdminsOf } from "../facts/superAdmins.ts";

export type GroupRecord = Extract<ArchiveRecord, { kind: "group" }>;

/** One conversation of the merged archive, or one that only messages name. */
export type MergedConversation = {
  id: Uint8Array;
  createdAtNs: bigint;
  /** Of all its records. */
  lastMessageNs: bigint | undefined;
  /** The record that is kept, and its own time. */
  bytes: Uint8Array | undefined;
  ownLastMessageNs: bigint | undefined;
  /** The record that is kept is of an input with exceptions. */
  isOlder: boolean;
  /** The record that is kept does not know who created the conversation, when, or its admins. */
  isPlaceholder: boolean;
  messageCount: number;
  /** When those of them were sent that were deleted for everyone, and are not written. */
  deletedSentNs: bigint[];
  /** Of them, those that importers refuse and that are not written. */
  refusedMessages: number;
  /** Whether importers refuse every record of it that there is. */
  isRefused: boolean;
  /** The two people of a DM. */
  pair: readonly [string, string] | undefined;
  /** The super admins by the newest record. */
  superAdmins: readonly string[];
  times: TimeRange;
};

/** One of which nothing is known but its id. */
export const mergedConversation = (id: Uint8Array): MergedConversation => ({
  id: id.slice(),
  createdAtNs: 0n,
  lastMessageNs: undefined,
  bytes: undefined,
  ownLastMessageNs: undefined,
  isOlder: false,
  isPlaceholder: false,
  messageCount: 0,
  deletedSentNs: [],
  refusedMessages: 0,
  isRefused: false,
  pair: undefined,
  superAdmins: [],
  times: new TimeRange(),
});

/** A placeholder's record with what is known of its conversation. */
export const withValues = (record: GroupRecord, values: ArchiveGroupValues): GroupRecord => ({
  ...record,
  group: withGroupValues(record.group, values),
});

/** Keeps a record as the one that is written. */
export const keepRecord = (conversation: MergedConversation, record: GroupRecord, bytes = encodeRecord(record)): void => {
  const { group } = record;
  conversation.superAdmins = superAdminsOf(group);
  conversation.isPlaceholder = isPlaceholder(group);
  conversation.createdAtNs = group.createdAtNs;
  conversation.ownLastMessageNs = group.lastMessageNs;
  conversation.pair = group.conversationType === "dm" ? dmPair(group.dmId) : undefined;
  conversation.bytes = bytes;
};
