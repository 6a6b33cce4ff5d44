import type { ArchiveGroup, ArchiveRecord } from "../model/archiveRecord.ts";
import { type ArchiveGroupValues, isPlaceholder, withGroupValues } from "../restored/groupValues.ts";
import { decodeRecord, encodeRecord } from "../protobuf/recordCodec.ts";
import { TimeRange } from "../survey/timeRange.ts";
import { dmPair } from "../facts/dmPair.ts";
import { superAdminsOf } from "../facts/superAdmins.ts";

export type GroupRecord = Extract<ArchiveRecord, { kind: "group" }>;

/** What a merge needs to know of a conversation's record. */
export type GroupFacts = {
  createdAtNs: bigint;
  /** When its last message was sent, by the record itself. */
  ownLastMessageNs: bigint | undefined;
  /** The record does not know who created the conversation, when, or its admins. */
  isPlaceholder: boolean;
  /** The two people of a DM. */
  pair: readonly [string, string] | undefined;
  superAdmins: readonly string[];
};

/** One conversation of the merged archive, or one that only messages name; its facts are those of the record that is kept. */
export type MergedConversation = GroupFacts & {
  id: Uint8Array;
  /** Of all its records. */
  lastMessageNs: bigint | undefined;
  /** The record that is kept. */
  bytes: Uint8Array | undefined;
  /** The record that is kept is of an input with exceptions. */
  isOlder: boolean;
  /** The record that is kept is written only with messages. */
  needsMessages: boolean;
  messageCount: number;
  /** When those of them were sent that were deleted for everyone, and are not written. */
  deletedSentNs: bigint[];
  /** Of them, those that importers refuse and that are not written. */
  refusedMessages: number;
  /** Whether importers refuse every record of it that there is. */
  isRefused: boolean;
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
  needsMessages: false,
  isPlaceholder: false,
  messageCount: 0,
  deletedSentNs: [],
  refusedMessages: 0,
  isRefused: false,
  pair: undefined,
  superAdmins: [],
  times: new TimeRange(),
});

export const groupFactsOf = (group: ArchiveGroup): GroupFacts => ({
  createdAtNs: group.createdAtNs,
  ownLastMessageNs: group.lastMessageNs,
  isPlaceholder: isPlaceholder(group),
  pair: group.conversationType === "dm" ? dmPair(group.dmId) : undefined,
  superAdmins: superAdminsOf(group),
});

/** Keeps a record as the one that is written. */
export const keepRecord = (conversation: MergedConversation, bytes: Uint8Array, facts: GroupFacts): void => {
  Object.assign(conversation, facts, { bytes });
};

export const groupOf = (bytes: Uint8Array): GroupRecord => decodeRecord(bytes) as GroupRecord;

/** Keeps the same record with what is known of its conversation, if anything is. */
export const keepValues = (conversation: MergedConversation, values: ArchiveGroupValues | undefined): void => {
  if (values === undefined) return;
  const record = groupOf(conversation.bytes as Uint8Array);
  const group = withGroupValues(record.group, values);
  keepRecord(conversation, encodeRecord({ ...record, group }), groupFactsOf(group));
};

/** The record of a conversation as it is written. */
export const recordOf = ({ bytes, lastMessageNs: recordedNs, ownLastMessageNs, isOlder, times }: MergedConversation): Uint8Array => {
  // An older record does not know of the newer inputs' messages.
  const newestNs = isOlder ? times.toObject().lastMessageNs : undefined;
  const lastMessageNs = newestNs !== undefined && newestNs > (recordedNs ?? newestNs - 1n) ? newestNs : recordedNs;
  if (lastMessageNs === undefined || lastMessageNs === ownLastMessageNs) return bytes as Uint8Array;
  const record = groupOf(bytes as Uint8Array);
  return encodeRecord({ ...record, group: { ...record.group, lastMessageNs } });
};
