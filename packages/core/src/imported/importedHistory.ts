import type { DatedValues } from "../archives/archivedValues.ts";

/** One conversation of an archive, as far as tracking it needs. */
export type ImportedConversation = {
  id: string;
  /** When its last message in the archive was sent. */
  lastMessageMs?: number;
  /** The user was no member any more when the archive was made. @default false */
  wasRemoved?: boolean;
  /** The user had asked to leave it. @default false */
  hasLeft?: boolean;
  /** A DM of another inbox, which this one is no member of. @default false */
  isOfOtherInbox?: boolean;
  /** What the import replaces. */
  archived?: DatedValues;
};

/** What an import brings: whose archive it is, which time it covers and which conversations it holds. */
export type ImportedHistory = {
  /** The first moment that the archive covers. @default from the first message */
  startMs?: number;
  /** The last moment that it covers. */
  endMs: number;
  /** The installation that made it, where that is known. */
  installationId?: string;
  conversations: readonly ImportedConversation[];
};
