import type { ArchiveId } from "../ports/archiveId.ts";
import type { BackupTrigger } from "../ports/backupTrigger.ts";
import type { ConversationKind } from "../ports/hostConversation.ts";
import type { Element } from "../ports/element.ts";

/** An archive of the store, by its id or by its entry in the list; of an entry only the id counts. */
export type ArchiveRef = ArchiveId | { id: ArchiveId } | ArchiveEntry;

/** How many records of each kind an archive holds. */
export type ArchiveCounts = {
  conversations: number;
  messages: number;
  consentRecords: number;
};

/** How many messages an archive holds of one conversation. */
export type ConversationCount = {
  id: string;
  messages: number;
  /** The user was no member any more when the archive was made. @default false */
  wasRemoved?: boolean;
  /** The user had asked to leave it, and nobody had removed them yet. @default false */
  hasLeft?: boolean;
  /** Its messages are deleted after a time, so that a later archive may hold fewer. @default false */
  disappears?: boolean;
  /** How many of them were never sent; a restore leaves them out, so that a later archive may hold fewer. @default 0 */
  unsent?: number;
  /** How many of them were sent after `cutNs`. @default 0 */
  later?: number;
  /** The revision of its own data by then, as `Host.revisionOf` tells it. @default 0 */
  revision?: number;
};

/** When messages of a conversation were sent that an archive leaves out, since somebody deleted them for everyone. */
export type DeletedMessages = { id: string; sentNs: bigint[] };

/** A conversation that an archive lacks, or holds in part. */
export type LackingConversation = {
  /** Absent where the SDK does not say which one it is. */
  id?: string;
  /** Absent where it is not known. */
  kind?: ConversationKind;
  /** How many of its messages can't be restored from the archive; absent where the client can't count them. */
  messages?: number;
  /** The client can't read the conversation: its state is broken. @default false */
  isBroken?: boolean;
};

/** A time whose messages an archive lacks. */
export type LackingRange = {
  /** Messages sent after this time; absent when it reaches back to the first. */
  startNs?: bigint;
  /** Messages sent up to this time; absent when it reaches up to the archive's end. */
  endNs?: bigint;
  /** How many messages the client counts there; absent where it can't count them. */
  messages?: number;
};

/** What an archive lacks of what it was asked to hold, part by part. */
export type ArchiveLacks = {
  conversations: LackingConversation[];
  /** The SDK could not export them. */
  ranges: LackingRange[];
  /** The SDK could not export the consent records. @default false */
  consent?: boolean;
};

/** A time that an increment tells afresh. */
export type ReplacedRange = {
  /** Messages sent after this time; absent when it reaches back to the first. */
  startNs?: bigint;
  /** Messages sent up to this time; absent when it has no end. */
  endNs?: bigint;
};

/** How an increment goes on from its base. A restore reads the base but for what the increment replaces, and then the increment. */
export type Increment = {
  /** The archive that it goes on from: a whole one, or an increment itself. */
  baseId: ArchiveId;
  /** SHA-256 of the base's bytes: 64 hex digits. */
  baseSha256: string;
  /** How many increments lead from the whole archive to this one, itself included. */
  chainLength: number;
  /** The messages of these times are those of the increment; what the base holds there does not count. */
  replaces: ReplacedRange[];
  /** Conversations whose messages of the base count in those times too: the client could not read them. @default none */
  butOf?: string[];
  /** Whether its consent records are all that there are; if not, those of the base count too. @default false */
  replacesConsent?: boolean;
};

/** The clear part of a manifest: what a list can show without the archive key. */
export type ArchiveOutline = {
  id: ArchiveId;
  /** When the backup was made, in milliseconds since 1970. */
  createdAtMs: number;
  sizeBytes: number;
  /** Tells archive keys apart without revealing them: 16 hex digits. */
  keyFingerprint: string;
};

/** The sealed part of a manifest: only who holds the archive key reads it, and nobody can alter it. */
export type ArchiveDetails = {
  /** Free text from the user; at most 200 characters. */
  name?: string;
  inboxId: string;
  installationId: string;
  /** The network whose messages it holds, as `networkName` names it. @default not known: an earlier version made it */
  network?: string;
  elements: Element[];
  /** Messages sent after this time; absent when the archive reaches back to the first. */
  startNs?: bigint;
  /** Messages sent up to this time; absent when the archive reaches up to its creation. */
  endNs?: bigint;
  counts: ArchiveCounts;
  conversations: ConversationCount[];
  firstMessageNs?: bigint;
  lastMessageNs?: bigint;
  /** SHA-256 of the archive's bytes: 64 hex digits. */
  sha256: string;
  /**
   * Messages that the client counted and the SDK did not export (docs/sdk-facts.md#export-leaves-out-broken-groups). Absent when the
   * archive is complete, and 0 when it lacks something that can't be counted. Such an archive is kept, and never counts as a complete one.
   */
  missingMessages?: number;
  /** What the archive lacks, by name; absent when it lacks nothing. */
  lacks?: ArchiveLacks;
  /** Messages that disappear after a time were left out, as the backup's options said. @default false */
  withoutDisappearing?: boolean;
  /** The installation that made it was not in the inbox any more: another device had revoked it. @default false */
  madeByRevoked?: boolean;
  /** All records of the archive, metadata included. */
  records: number;
  /** Messages that it leaves out, since they were deleted for everyone. @default none */
  deletedMessages?: DeletedMessages[];
  /**
   * Up to when the next whole backup compares what the client counts with this archive, in nanoseconds since 1970; later messages are
   * exported again.
   *
   * @default not known: no backup builds on it
   */
  cutNs?: bigint;
  /**
   * When the oldest of its parts was exported, in milliseconds since 1970. A whole backup builds on it for as long as the settings say.
   *
   * @default not known: no backup builds on it
   */
  freshAtMs?: number;
  /** The archive that it was made from, with an export of what is new. Nothing of that one is needed any more. @default everything was exported */
  updatedFrom?: ArchiveId;
  /**
   * How this archive goes on from another one. Its `counts`, `conversations` and message times are then those of the restore point, which
   * is the increment with all that it is based on. `sha256` and `records` are those of its own bytes.
   *
   * @default it is no increment
   */
  increment?: Increment;
  /** Another archive that retention keeps for this one, beside those that an increment is based on. */
  parent?: ArchiveId;
  /** The user wants to keep it whatever the policy says. @default false */
  pinned?: boolean;
  /** When it was last read back from the store and found whole, in milliseconds since 1970. */
  verifiedAtMs?: number;
  /**
   * When the manifest was last changed, in milliseconds since 1970. A later change always has the greater one, whatever the clock says,
   * so that of two copies of a manifest the newer one is known.
   *
   * @default createdAtMs
   */
  changedAtMs?: number;
  trigger: BackupTrigger;
  appVersion?: string;
};

/**
 * What is wrong with the chain of an increment, and at which archive.
 *
 * `missing`: the store does not list it. `unreadable`: its manifest can't be opened. `altered`: it is not the archive that the increment
 * was made from. `otherOwner`: it is of another inbox, installation, network or key. `order`: it has another place in its chain.
 */
export type ChainBreak = { why: "missing" | "unreadable" | "altered" | "otherOwner" | "order"; id: ArchiveId };

/**
 * One stored archive as a list shows it.
 *
 * `seal` says whether the sealed part could be read. It is `open` with its details, and `otherKey` when none of the keys at hand made it.
 * It is `damaged` when the right key does not open it or it is no manifest any more, and `unsupported` when a newer version of the app
 * made it. The outline of these two is the store's claim: 0 and `""` where it claims nothing. It is `chainBroken` when an increment lacks
 * an archive that it is based on: what it holds alone is no restore point.
 */
export type ArchiveEntry = ArchiveOutline &
  (
    | {
        seal: "open";
        details: ArchiveDetails;
        /** The archives that a restore of it reads, the whole one first and itself last. @default itself alone */
        chain?: readonly ArchiveId[];
        /** It holds the messages of another XMTP network than the client's; a list of `backups` says so. @default false */
        isOtherNetwork?: boolean;
      }
    | { seal: "otherKey" | "damaged" | "unsupported"; details?: undefined }
    | { seal: "chainBroken"; chainBreak: ChainBreak; details?: undefined }
  );
