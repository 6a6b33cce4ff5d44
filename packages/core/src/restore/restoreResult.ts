import type { DeletedMessage, LeftOut, UncheckedFact } from "../archives/archivePreview.ts";
import type { ImportedMessages } from "../imported/imported.ts";

/** What an archive does not hold, and a restore so can't bring back; each is explained in `docs/restore-limits.md`. */
export const restoreLimits = [
  "memberLists",
  "permissions",
  "creator",
  "admins",
  "createdAt",
  "membershipChanges",
  "disappearingTimers",
  "deletion",
  "remoteAttachments",
  "readState",
  "gap",
] as const;

export type RestoreLimit = (typeof restoreLimits)[number];

/** How much of something the archive held, and how much of it the client lists after the import. */
export type Restored = { restored: number; expected: number };

/** What a restore brought back. */
export type RestoreResult = {
  conversations: Restored;
  messages: Restored;
  consentRecords: number;
  /** What of it was not here before; empty when everything was. Messages of an interrupted restore are not part of it. */
  imported: readonly ImportedMessages[];
  /**
   * Of the restored conversations, those that can only be read. Nearly all wait for another member's client. A group that the user left
   * waits for nothing.
   */
  inactiveConversationIds: string[];
  /** Conversations of the archive that the client does not list with all their messages. */
  incompleteConversationIds: string[];
  /** Messages of the archive that were left out on purpose; none of them counts as missing. */
  leftOut: LeftOut;
  /**
   * Messages that the client had before, and that the archive says were deleted for everyone: no call of the SDK removes them.
   * `backups.deletedMessages()` gives them at any time.
   */
  deletedMessages: readonly DeletedMessage[];
  /** Messages of the archive that were never sent, whether they are restored or left out. */
  unsentMessages: number;
  /** Messages of the archive that were left out, since their conversation is not in it. */
  orphanMessages: number;
  /** Records of the archive that were left out, since no SDK of today imports them. */
  unimportableRecords: number;
  /** The facts that nothing could prove about the archive; empty for one whose manifest proves what it is. */
  unchecked: readonly UncheckedFact[];
  /** What no archive brings back. */
  limits: readonly RestoreLimit[];
};
