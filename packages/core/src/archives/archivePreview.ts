import type { ArchivedValues } from "./archivedValues.ts";
import type { ArchiveCounts, ConversationCount } from "./archiveEntry.ts";
import type { Consent, ConversationKind } from "../ports/hostConversation.ts";
import type { Element } from "../ports/element.ts";

/**
 * One conversation of an archive, as a restore screen shows it.
 *
 * Its creator, its date, who added the user and its admins are absent if the client did not know them. Such a client had restored the
 * conversation without this plugin.
 */
export type PreviewConversation = ConversationCount &
  Partial<ArchivedValues> & {
    kind: ConversationKind;
    /** A group's name, where one was given; other people wrote it: show it as text. */
    name?: string;
    /** Both people of a DM, by their inbox ids; absent for a group, whose members no archive holds. */
    memberInboxIds?: readonly string[];
    /** The user had asked to leave the group, and nobody had removed them yet. @default false */
    hasLeft?: boolean;
    firstMessageNs?: bigint;
    lastMessageNs?: bigint;
    /** What the user had decided; absent when the archive holds no such decision. */
    consent?: Consent;
  };

/**
 * A fact about an archive that nothing could prove. `inbox`: whether it is this user's. `network`: whether its messages are of this XMTP
 * network. `wholeness`: whether it is all that was stored. A manifest under its seal proves all three; a bare file has none.
 */
export type UncheckedFact = "inbox" | "network" | "wholeness";

/** Messages of an archive that a restore leaves out on purpose, by the reason. Each counts once. */
export type LeftOut = {
  /** Deleted for everyone: by their sender, or by a super admin of the group. */
  deleted: number;
  /** Disappeared: the time that they were to be seen is over. */
  expired: number;
  /** Never sent. */
  unsent: number;
  /** Of a DM whose id is malformed, or by somebody who is not in the DM. An importer may refuse a whole archive because of one. */
  oddDms: number;
};

/** A message that this client shows although somebody deleted it for everyone. */
export type DeletedMessage = { id: string; conversationId: string };

/** What a verified archive holds, before anything is imported. */
export type ArchivePreview = {
  name?: string;
  /** When the SDK exported it. */
  exportedAtNs: bigint;
  elements: Element[];
  startNs?: bigint;
  endNs?: bigint;
  sizeBytes: number;
  sha256: string;
  /** What a restore brings back. */
  counts: ArchiveCounts;
  /** What a restore leaves out on purpose; it is in no other count. */
  leftOut: LeftOut;
  /** Messages that were never sent, whether they are restored or left out. */
  unsentMessages: number;
  firstMessageNs?: bigint;
  lastMessageNs?: bigint;
  /** Messages whose conversation is not in the archive: they can't be restored. */
  orphanMessages: number;
  /** Records that are authentic and that no SDK of today imports, such as malformed ones: they can't be restored. */
  unimportableRecords: number;
  conversations: PreviewConversation[];
  /** The facts that nothing could prove; absent where everything was checked, and where it was not asked whose it is. */
  unchecked?: readonly UncheckedFact[];
};
