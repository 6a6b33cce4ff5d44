/** What an archive was asked to hold; a number is a value that this package does not know. */
export type ArchiveElement = "unspecified" | "messages" | "consent" | "event" | number;

export type ConversationType = "unspecified" | "group" | "dm" | "sync" | number;

export type MembershipState = "unspecified" | "allowed" | "rejected" | "pending" | "restored" | "pendingRemove" | number;

export type ConsentEntityType = "unspecified" | "conversationId" | "inboxId" | "address" | number;

export type ConsentState = "unspecified" | "unknown" | "allowed" | "denied" | number;

export type MessageKind = "unspecified" | "application" | "membershipChange" | number;

export type DeliveryStatus = "unspecified" | "unpublished" | "published" | "failed" | number;

/** Fields that this package does not know, as they stood; they are written back unchanged. */
export type UnknownFields = { unknownFields?: Uint8Array };

/** The first record of every archive. */
export type ArchiveMetadata = UnknownFields & {
  elements: readonly ArchiveElement[];
  exportedAtNs: bigint;
  /** Messages sent after this time, in nanoseconds. */
  startNs?: bigint;
  /** Messages sent up to and including this time, in nanoseconds. */
  endNs?: bigint;
};

export type ArchiveConsent = UnknownFields & {
  entityType: ConsentEntityType;
  state: ConsentState;
  entity: string;
  consentedAtNs: bigint;
};

export type ImmutableGroupMetadata = UnknownFields & { creatorInboxId: string };

export type MutableGroupMetadata = UnknownFields & {
  /** `group_name`, `description`, `group_image_url_square`, `app_data` and others. */
  attributes: Readonly<Record<string, string>>;
  adminList: readonly string[];
  superAdminList: readonly string[];
};

/** A group or a direct message conversation; ids are lower-case hex, as in the SDKs. */
export type ArchiveGroup = UnknownFields & {
  id: string;
  createdAtNs: bigint;
  membershipState: MembershipState;
  installationsLastCheckedNs: bigint;
  addedByInboxId: string;
  welcomeId?: bigint;
  rotatedAtNs: bigint;
  conversationType: ConversationType;
  /** `dm:<inbox id>:<inbox id>`, of direct messages only. */
  dmId?: string;
  lastMessageNs?: bigint;
  messageDisappearFromNs?: bigint;
  messageDisappearInNs?: bigint;
  metadata?: ImmutableGroupMetadata;
  mutableMetadata?: MutableGroupMetadata;
  pausedForVersion?: string;
};

/** A message; ids are lower-case hex, as in the SDKs. */
export type ArchiveMessage = UnknownFields & {
  id: string;
  groupId: string;
  /** An encoded XMTP `EncodedContent`. */
  content: Uint8Array;
  sentAtNs: bigint;
  kind: MessageKind;
  senderInstallationId: string;
  senderInboxId: string;
  deliveryStatus: DeliveryStatus;
  /** The deprecated numeric content type. */
  contentTypeNumber: number;
  versionMajor: number;
  versionMinor: number;
  authorityId: string;
  referenceId?: string;
  sequenceId?: bigint;
  originatorId?: bigint;
  contentType: string;
  /** When the message disappears, in nanoseconds since 1970; newer SDKs say so. */
  expiresAtNs?: bigint;
  /** Whether the SDK knew when the message disappears. A message without a time stays. */
  expiryKnown?: boolean;
};

/** One record of an archive. */
export type ArchiveRecord = UnknownFields &
  (
    | { kind: "metadata"; metadata: ArchiveMetadata }
    | { kind: "group"; group: ArchiveGroup }
    | { kind: "message"; message: ArchiveMessage }
    | { kind: "consent"; consent: ArchiveConsent }
    /** Deprecated by XMTP; carried, not decoded. */
    | { kind: "event"; event: Uint8Array }
    /** Without an element: empty, or of a kind that this package does not know (then `unknownFields` holds it). */
    | { kind: "none" }
    /** Authentic, but not a message that the protocol can decode. */
    | { kind: "unreadable"; bytes: Uint8Array }
  );
