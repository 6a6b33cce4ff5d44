import type { MessageSpec } from "./messageCodec.ts";

export const elementNames = ["unspecified", "messages", "consent", "event"] as const;
const membershipNames = ["unspecified", "allowed", "rejected", "pending", "restored", "pendingRemove"] as const;
const conversationNames = ["unspecified", "group", "dm", "sync"] as const;
const entityNames = ["unspecified", "conversationId", "inboxId", "address"] as const;
const consentNames = ["unspecified", "unknown", "allowed", "denied"] as const;
const messageKindNames = ["unspecified", "application", "membershipChange"] as const;
const deliveryNames = ["unspecified", "unpublished", "published", "failed"] as const;

export const metadataSpec = {
  elements: [2, { names: elementNames, repeated: true }],
  exportedAtNs: [3, "int64"],
  startNs: [4, "int64", "optional"],
  endNs: [5, "int64", "optional"],
} as const satisfies MessageSpec;

export const consentSpec = {
  entityType: [1, { names: entityNames }],
  state: [2, { names: consentNames }],
  entity: [3, "string"],
  consentedAtNs: [4, "int64"],
} as const satisfies MessageSpec;

export const groupSpec = {
  id: [1, "hex"],
  createdAtNs: [2, "int64"],
  membershipState: [3, { names: membershipNames }],
  installationsLastCheckedNs: [4, "int64"],
  addedByInboxId: [5, "string"],
  welcomeId: [6, "int64", "optional"],
  rotatedAtNs: [7, "int64"],
  conversationType: [8, { names: conversationNames }],
  dmId: [9, "string", "optional"],
  lastMessageNs: [10, "int64", "optional"],
  messageDisappearFromNs: [11, "int64", "optional"],
  messageDisappearInNs: [12, "int64", "optional"],
  metadata: [13, { message: { creatorInboxId: [1, "string"] } }, "optional"],
  mutableMetadata: [14, { message: { attributes: [1, "map"], adminList: [2, "strings"], superAdminList: [3, "strings"] } }, "optional"],
  pausedForVersion: [15, "string", "optional"],
} as const satisfies MessageSpec;

export const messageSpec = {
  id: [1, "hex"],
  groupId: [2, "hex"],
  content: [3, "bytes"],
  sentAtNs: [4, "int64"],
  kind: [5, { names: messageKindNames }],
  senderInstallationId: [6, "hex"],
  senderInboxId: [7, "string"],
  deliveryStatus: [8, { names: deliveryNames }],
  contentTypeNumber: [9, "int32"],
  versionMajor: [10, "int32"],
  versionMinor: [11, "int32"],
  authorityId: [12, "string"],
  referenceId: [13, "hex", "optional"],
  sequenceId: [14, "int64", "optional"],
  originatorId: [15, "int64", "optional"],
  contentType: [16, "string"],
  expiresAtNs: [17, "int64", "optional"],
  expiryKnown: [18, "bool", "optional"],
} as const satisfies MessageSpec;

/** Deprecated; decoded only to see whether an importer can. */
export const eventSpec = {
  createdAtNs: [1, "int64"],
  event: [2, "string"],
  details: [3, "bytes"],
  groupId: [4, "bytes", "optional"],
  level: [5, { names: [] }],
  icon: [6, "string", "optional"],
} as const satisfies MessageSpec;
