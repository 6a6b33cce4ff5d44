import type { ArchiveMetadata, ConsentState, ConversationType } from "./archiveRecord.ts";

/** What an archive holds of one conversation. */
export type ArchiveConversationReport = {
  /** Lower-case hex, as in the SDKs. */
  id: string;
  type: ConversationType;
  /** Distinct messages that can be imported; in a preview, those that are restored. */
  messageCount: number;
  /** Its messages are deleted after a time, on the devices that hold them. @default false */
  disappears?: boolean;
  /** Of its messages, those that were never sent. @default 0 */
  unsent?: number;
  firstMessageNs?: bigint;
  lastMessageNs?: bigint;
};

/** Messages that could be imported, and that a restore leaves out on purpose, by the reason. Each counts once. */
export type ArchiveLeftOut = {
  /** Deleted for everyone: by their sender, or by a super admin of the group. */
  deleted: number;
  /** Disappeared: the time that they were to be seen is over. */
  expired: number;
  /** Never sent. */
  unsent: number;
  /**
   * Of a DM whose id is malformed, or by somebody who is not in the DM. An importer may refuse a whole archive because of one
   * (docs/sdk-facts.md#malformed-dms-are-refused).
   */
  oddDms: number;
};

/** What a sound archive holds, and what of it an import can't place. */
export type ArchiveReport = {
  version: number;
  /** Whether it is an old archive, all of whose records share a nonce. */
  isLegacy: boolean;
  sizeBytes: number;
  /** SHA-256 of the file, as lower-case hex. */
  sha256: string;
  metadata: ArchiveMetadata;
  recordCount: number;
  /** Records of each kind, as they stand: duplicates, orphans and others that can't be imported included. */
  counts: {
    consent: number;
    groups: number;
    messages: number;
    events: number;
    /** Without an element, which an importer skips. */
    empty: number;
    /** Of a kind that this package does not know, which an importer skips. */
    unknown: number;
    /** Authentic, and not to be decoded. */
    unreadable: number;
  };
  /** What can be imported. A preview shows which part is shown and restored. */
  importable: { conversations: number; messages: number };
  firstMessageNs?: bigint;
  lastMessageNs?: bigint;
  /** The conversations with a record in the archive, in its order. */
  conversations: ArchiveConversationReport[];
  /** Messages whose conversation is not in the archive, by conversation. */
  orphans: ArchiveConversationReport[];
  orphanMessages: number;
  duplicates: { consent: number; groups: number; messages: number };
  /** Messages that stand before their conversation: an SDK's own import stops there, the plugin's does not. */
  misplacedMessages: number;
  /** Records at which an SDK's import would stop, and which are left out when the archive is split. */
  unimportableRecords: number;
  unknownKinds: { fieldNumber: number; count: number }[];
  /** Records of known kinds with fields that this package does not know. */
  recordsWithUnknownFields: number;
};

/** What an archive brings to a merge. */
export type ArchiveMergeInputReport = {
  metadata: ArchiveMetadata;
  /** Records, copies of others too, but those that its `except` leaves out. `unsent` are those of the messages that were not sent. */
  counts: { consent: number; groups: number; messages: number; unsent: number };
  /** SHA-256 of the file as lower-case hex, where it was asked for. */
  sha256?: string;
};

/** What a merged archive holds, and what was left out of it. */
export type ArchiveMergeReport = {
  metadata: ArchiveMetadata;
  consent: number;
  conversations: number;
  messages: number;
  firstMessageNs?: bigint;
  lastMessageNs?: bigint;
  duplicateMessages: number;
  /**
   * When the messages were sent that were deleted for everyone and left out, in nanoseconds since 1970, by conversation; empty unless that
   * was asked for.
   */
  deleted: { id: string; sentNs: bigint[] }[];
  /** Conversations that importers refuse, or of which they refuse messages, and how many messages were left out; empty unless that was asked for. */
  refused: { id: string; messageCount: number }[];
  /** Messages without a conversation in any of the archives, which were left out. */
  orphanMessages: number;
  orphans: Omit<ArchiveConversationReport, "type">[];
  /** Authentic records that can't be decoded, which were left out. */
  unreadableRecords: number;
  /** Consent records, and messages without a kind or a state, that importers refuse and that were left out; 0 unless that was asked for. */
  refusedRecords: number;
};

/** A conversation for a restore screen; its texts are other people's, and may be empty. */
export type ArchivePreviewConversation = ArchiveConversationReport & {
  name: string;
  description: string;
  imageUrl: string;
  /** Both members of a direct message; empty for a group, whose members an archive does not hold. */
  memberInboxIds: string[];
  /** When the client that made the archive came to know it; of a placeholder, when that client restored it. */
  createdAtNs: bigint;
  creatorInboxId?: string;
  /** Who added the user. */
  addedByInboxId?: string;
  adminInboxIds?: readonly string[];
  superAdminInboxIds?: readonly string[];
  /** The client that made the archive had restored it, and knew neither who created it and when nor its admins. @default false */
  isPlaceholder?: boolean;
  consent: ConsentState;
  /** The user had asked to leave the group, and was not removed yet when the archive was made. */
  hasLeft?: boolean;
};

/** What a restore brings back. */
export type ArchivePreview = {
  metadata: ArchiveMetadata;
  sizeBytes: number;
  /** Latest activity first. */
  conversations: ArchivePreviewConversation[];
  messages: number;
  /** Messages that are in the archive and not restored, by the reason. */
  leftOut: ArchiveLeftOut;
  /** Messages that were never sent, whether they are restored or left out. */
  unsentMessages: number;
  /** Conversations that are not restored: DMs whose id is malformed. */
  oddDms: number;
  /** Messages whose conversation is not in the archive, and which a restore leaves out. */
  orphanMessages: number;
  /** Consent records. */
  consent: number;
  firstMessageNs?: bigint;
  lastMessageNs?: bigint;
};
