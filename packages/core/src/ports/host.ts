import type { ArchivePrimitives } from "@xmtp-backup/archive";
import type { BrokenConversation, Consent, HostConversation, HostMessage } from "./hostConversation.ts";
import type { Element } from "./element.ts";
import type { Installation } from "./installation.ts";
import type { CallOptions } from "./callOptions.ts";
import type { Device } from "./device.ts";
import type { HistorySync } from "./historySync.ts";
import type { Journal } from "./journal.ts";
import type { KeptArchives } from "./keptArchives.ts";
import type { Lock } from "./lock.ts";

/** What a host can do; core reads this and never tries things out. */
export type HostFeatures = {
  /** Exports can be cut by time, so that progress is true and a cancel takes effect between slices. */
  timeSlices: boolean;
  /** How many exports may run side by side. */
  parallelExports: number;
  /** An import runs where a hang can be ended: in a process or worker of its own. */
  isolatedImport: boolean;
  /**
   * Archives are bytes (docs/sdk-facts.md#archive-calls), so that each export and each import is in memory whole while it lasts: a slice,
   * or everything without `timeSlices`, and a chunk.
   */
  archivesInMemory: boolean;
};

export type HostIdentity = {
  inboxId: string;
  installationId: string;
  /**
   * Which network the client is connected to, as `networkName` names it: archives of another one are not the user's history here.
   *
   * @default not known, so that archives of every network count
   */
  network?: string;
};

export type ExportRequest = {
  elements: readonly Element[];
  /** Messages sent after this time. @default from the first */
  startNs?: bigint;
  /** Messages sent up to this time. @default up to now */
  endNs?: bigint;
  /** @default false */
  excludeDisappearingMessages?: boolean;
};

export type ImportOptions = CallOptions & {
  /** Called once the SDK is at work and the event loop is free; whoever never calls it is only slower. */
  onBegin?: (() => void) | undefined;
};

/** Bytes that live outside memory where the platform can, until they are released. */
export type TemporaryArchive = {
  readonly blob: Blob;
  /** Deletes the bytes; further calls do nothing. Never throws. */
  release(): Promise<void>;
};

/** Why the host thinks that it is worth looking at the conversations again. */
export type HostEvent = "conversation" | "message" | "consent" | "wake";

/** Which room is asked for. */
export type FreeBytesOptions = CallOptions & {
  /** What the room is for. The two may lie on different disks. @default "files" */
  of?: "files" | "database";
};

/** Which conversations a listing is about. */
export type ListOptions = CallOptions & {
  /** Those of these ids that there are. @default every conversation, unless `peerInboxIds` is given */
  ids?: readonly string[] | undefined;
  /** The active DMs with these peers; beside those of `ids`, each conversation once. */
  peerInboxIds?: readonly string[] | undefined;
  /** Called for each conversation that is left out, since the client can't read it. */
  onBroken?: ((conversation: BrokenConversation) => void) | undefined;
};

/** The range of one count of messages, with the bounds of an export. */
export type MessageRange = Pick<ExportRequest, "startNs" | "endNs">;

/**
 * What the plugin needs of an XMTP client; one implementation per SDK.
 *
 * Every method throws `CLIENT_CLOSED` once the client is closed.
 */
export interface Host {
  readonly features: HostFeatures;
  /** Faster cryptography than every engine has, for archives. @default portable code */
  readonly primitives?: ArchivePrimitives;
  /** Kept beside the client's database, so that they live and die with it. */
  readonly journal: Journal;
  readonly lock: Lock;
  /** What the platform knows about the machine. @default nothing */
  readonly device?: Device;
  /** History from the user's other installations. @default none */
  readonly historySync?: HistorySync;
  /** Archives that stay on this device between tasks. @default none: a backup that was killed begins again */
  readonly kept?: KeptArchives;
  /** Who the client is; asks the client itself, so that a closed one is known before anything else is done. */
  identity(options?: CallOptions): Promise<HostIdentity>;
  /**
   * Writes what the client holds into one archive.
   *
   * @throws EXPORT_FAILED when the SDK fails
   * @throws DEVICE_FULL when there is no room for the archive
   */
  exportArchive(request: ExportRequest, key: Uint8Array, options?: CallOptions): Promise<TemporaryArchive>;
  /**
   * Adds what the archive holds to the client; nothing that is there is changed.
   *
   * @throws IMPORT_FAILED when the SDK refuses it
   * @throws DEVICE_FULL when the client's database has no room to grow
   * @throws IMPORT_STALLED when the SDK makes no headway
   */
  importArchive(archive: Blob, key: Uint8Array, options?: ImportOptions): Promise<void>;
  /** How many bytes are free for temporary files, or for the client's database; undefined where nobody can tell. Left out by a host that can never know. */
  freeBytes?(options?: FreeBytesOptions): Promise<number | undefined>;
  /**
   * Keeps a stream of bytes outside memory where the platform can.
   *
   * @throws DEVICE_FULL when there is no room
   */
  spool(bytes: ReadableStream<Uint8Array>, options?: CallOptions): Promise<TemporaryArchive>;
  /**
   * Every conversation, or only some: inactive ones and those of any consent included, stitched DMs each on their own.
   *
   * A conversation that the client can't read is left out, and `onBroken` names it.
   */
  listConversations(options?: ListOptions): Promise<HostConversation[]>;
  /** How many messages of a conversation an archive would hold; a broken conversation is counted too, where the SDK can. */
  countMessages(conversationId: string, range?: MessageRange, options?: CallOptions): Promise<number>;
  /**
   * A number that is another one once a conversation's own data has changed: its name, its people, its timer, a request to leave it, and
   * whether it is active. The same number as before says that its record in an archive is the same. 0 for an unknown conversation. Left out
   * by a host that can't tell.
   */
  revisionOf?(conversationId: string, options?: CallOptions): Promise<number>;
  /** The DM that the client's list shows for a DM (docs/sdk-facts.md#stitched-dms). Any other id is its own. */
  listedIdOf(conversationId: string, options?: CallOptions): Promise<string>;
  /** Those of these messages that the client shows: not one that it shows as deleted, nor one that it can't read. */
  findMessages(ids: readonly string[], options?: CallOptions): Promise<HostMessage[]>;
  /** What the user decided about a person. */
  consentOf(inboxId: string, options?: CallOptions): Promise<Consent>;
  /** Notes on this installation what the user decided about a conversation; it need not be active. */
  setConsent(conversationId: string, consent: Consent, options?: CallOptions): Promise<void>;
  /** Notes on this installation what the user decided about a person. */
  setConsentOf(inboxId: string, consent: Consent, options?: CallOptions): Promise<void>;
  /** The DM with a person that can be written: the existing one, or a new one, which shows the history of an inactive one. */
  createDm(peerInboxId: string, options?: CallOptions): Promise<HostConversation>;
  /** Every installation of the user's inbox, as the network knows them now. */
  listInstallations(options?: CallOptions): Promise<Installation[]>;
  /** Fetches welcomes, so that conversations which this installation was added to become active. */
  syncConversations(options?: CallOptions): Promise<void>;
  /** Fetches everything, so that messages which a stream missed arrive. */
  syncAll(options?: CallOptions): Promise<void>;
  /** Calls `listener` when something arrives or consent changes, until the returned function is called. */
  watch(listener: (event: HostEvent) => void): () => void;
  /** The names of a conversation's methods that write or sync, which fail on an inactive one. */
  readonly guardedMethods: readonly string[];
  /** Deletes temporary files that an earlier process left. */
  sweep(options?: CallOptions): Promise<void>;
}
