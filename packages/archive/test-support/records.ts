import type { ArchiveConsent, ArchiveGroup, ArchiveMessage, ArchiveMetadata, ArchiveRecord } from "../src/index.ts";

/** An id of that many bytes that is different for every number, and spread as real ids are. */
export const idOf = (number: number, bytes: 16 | 32): string => {
  let state = (number * 0x9e3779b1) >>> 0;
  let hex = "";
  for (let word = 0; word < bytes / 4; word++) {
    state = (Math.imul(state ^ (state >>> 16), 0x45d9f3b) + word + number) >>> 0;
    hex += (word === 0 ? number >>> 0 : state).toString(16).padStart(8, "0");
  }
  return hex;
};

export const metadataRecord = (metadata: Partial<ArchiveMetadata> = {}): ArchiveRecord => ({
  kind: "metadata",
  metadata: { elements: ["messages", "consent"], exportedAtNs: 1_764_000_000_000_000_000n, ...metadata },
});

export const groupRecord = (number: number, group: Partial<ArchiveGroup> = {}): ArchiveRecord => ({
  kind: "group",
  group: {
    id: idOf(number, 16),
    createdAtNs: 1_763_000_000_000_000_000n + BigInt(number),
    membershipState: "allowed",
    installationsLastCheckedNs: 1_763_000_000_000_000_001n,
    addedByInboxId: idOf(1000 + number, 32),
    rotatedAtNs: 1_763_000_000_000_000_002n,
    conversationType: "group",
    lastMessageNs: 1_763_500_000_000_000_000n,
    metadata: { creatorInboxId: idOf(1000 + number, 32) },
    mutableMetadata: { attributes: { group_name: `Group ${number}` }, adminList: [], superAdminList: [] },
    ...group,
  },
});

export const messageRecord = (
  number: number,
  group: number,
  content: Uint8Array = new TextEncoder().encode(`message ${number}`),
  message: Partial<ArchiveMessage> = {},
): ArchiveRecord => ({
  kind: "message",
  message: {
    id: idOf(number, 32),
    groupId: idOf(group, 16),
    content,
    sentAtNs: 1_763_400_000_000_000_000n + BigInt(number) * 1_000_000_000n,
    kind: "application",
    senderInstallationId: idOf(2000 + group, 32),
    senderInboxId: idOf(1000 + group, 32),
    deliveryStatus: "published",
    contentTypeNumber: 0,
    versionMajor: 1,
    versionMinor: 0,
    authorityId: "xmtp.org",
    sequenceId: BigInt(number),
    originatorId: 0n,
    contentType: "text",
    ...message,
  },
});

export const consentRecord = (number: number, consent: Partial<ArchiveConsent> = {}): ArchiveRecord => ({
  kind: "consent",
  consent: {
    entityType: "conversationId",
    state: "allowed",
    entity: idOf(number, 16),
    consentedAtNs: 1_763_000_000_000_000_000n,
    ...consent,
  },
});

/** A small archive with a bit of everything. */
export const sampleRecords = (messages = 6): ArchiveRecord[] => [
  metadataRecord(),
  consentRecord(1),
  consentRecord(2, { entityType: "inboxId", state: "denied", entity: idOf(1002, 32) }),
  groupRecord(1),
  groupRecord(2, { conversationType: "dm", dmId: `dm:${idOf(1001, 32)}:${idOf(1002, 32)}` }),
  ...Array.from({ length: messages }, (_, number) => messageRecord(number, 1 + (number % 2))),
];
