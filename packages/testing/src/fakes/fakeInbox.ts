import type { ArchiveConsent, ArchiveRecord } from "@xmtp-backup/archive";
import type { ExportRequest, HostConversation, MessageRange } from "@xmtp-backup/core";

export type FakeMessage = { id: string; text: string; sentAtNs: bigint; senderInboxId: string };
export type FakeConversation = HostConversation & { name?: string; messages: Map<string, FakeMessage> };

/** What a fake client holds. */
export type FakeInbox = { conversations: Map<string, FakeConversation>; consent: ArchiveConsent[] };

/** A client's content of so many groups with so many messages each, a second apart. */
export function fakeInbox({ groups = 2, messagesEach = 3, startNs = 1_700_000_000_000_000_000n } = {}): FakeInbox {
  const inbox: FakeInbox = { conversations: new Map(), consent: [] };
  let sentAtNs = startNs;
  for (let index = 0; index < groups; index += 1) {
    const id = hexOf(`group ${index}`, 16);
    const messages = new Map<string, FakeMessage>();
    for (let count = 0; count < messagesEach; count += 1) {
      sentAtNs += 1_000_000_000n;
      const messageId = hexOf(`message ${index} ${count}`, 32);
      messages.set(messageId, { id: messageId, text: `Message ${count}`, sentAtNs, senderInboxId: hexOf("bob", 32) });
    }
    inbox.conversations.set(id, { id, kind: "group", isActive: true, name: `Group ${index}`, createdAtNs: startNs, messages });
    inbox.consent.push({ entityType: "conversationId", state: "allowed", entity: id, consentedAtNs: startNs });
  }
  return inbox;
}

/** The bounds of an export: after the start, up to the end. */
export function inRange(sentAtNs: bigint, { startNs, endNs }: MessageRange): boolean {
  return (startNs === undefined || sentAtNs > startNs) && (endNs === undefined || sentAtNs <= endNs);
}

/** What the SDK writes for a request: groups are filtered by their creation, messages by their sending. */
export function* recordsOf({ conversations, consent }: FakeInbox, request: ExportRequest): Generator<ArchiveRecord> {
  const { elements, startNs, endNs } = request;
  yield {
    kind: "metadata",
    metadata: { elements, exportedAtNs: 1n, ...(startNs !== undefined && { startNs }), ...(endNs !== undefined && { endNs }) },
  };
  if (elements.includes("consent")) for (const record of consent) yield { kind: "consent", consent: record };
  if (!elements.includes("messages")) return;
  for (const conversation of conversations.values()) {
    if (inRange(conversation.createdAtNs, request)) yield groupRecord(conversation);
  }
  for (const { id: groupId, messages } of conversations.values()) {
    for (const message of messages.values()) if (inRange(message.sentAtNs, request)) yield messageRecord(groupId, message);
  }
}

/** What the SDK does with a record: adds what is new, inactive, and changes nothing that is there. */
export function takeRecord({ conversations, consent }: FakeInbox, record: ArchiveRecord): void {
  if (record.kind === "consent" && !consent.some(({ entity }) => entity === record.consent.entity)) consent.push(record.consent);
  if (record.kind === "group" && !conversations.has(record.group.id)) {
    const { id, createdAtNs, conversationType, dmId, addedByInboxId, mutableMetadata } = record.group;
    const isDm = conversationType === "dm";
    conversations.set(id, {
      id,
      kind: isDm ? "dm" : "group",
      isActive: false,
      createdAtNs,
      ...(isDm ? { peerInboxId: dmId?.split(":").find((part) => part !== "dm" && part !== addedByInboxId) ?? "" } : { name: mutableMetadata?.attributes["group_name"] ?? "" }),
      messages: new Map(),
    });
  }
  if (record.kind === "message") {
    const { id, groupId, content, sentAtNs, senderInboxId } = record.message;
    const conversation = conversations.get(groupId);
    if (!conversation) throw new Error("[StorageError::Connection] storage error: FOREIGN KEY constraint failed");
    if (!conversation.messages.has(id)) conversation.messages.set(id, { id, text: new TextDecoder().decode(content), sentAtNs, senderInboxId });
  }
}

function groupRecord({ id, kind, name, peerInboxId, createdAtNs }: FakeConversation): ArchiveRecord {
  const self = hexOf("self", 32);
  return {
    kind: "group",
    group: {
      id,
      createdAtNs,
      membershipState: "allowed",
      installationsLastCheckedNs: 0n,
      addedByInboxId: self,
      rotatedAtNs: 0n,
      conversationType: kind,
      ...(peerInboxId !== undefined && { dmId: `dm:${self}:${peerInboxId}` }),
      metadata: { creatorInboxId: self },
      mutableMetadata: { attributes: name === undefined ? {} : { group_name: name }, adminList: [], superAdminList: [] },
    },
  };
}

function messageRecord(groupId: string, { id, text, sentAtNs, senderInboxId }: FakeMessage): ArchiveRecord {
  return {
    kind: "message",
    message: {
      id,
      groupId,
      content: new TextEncoder().encode(text),
      sentAtNs,
      kind: "application",
      senderInstallationId: hexOf("installation", 32),
      senderInboxId,
      deliveryStatus: "published",
      contentTypeNumber: 2,
      versionMajor: 1,
      versionMinor: 0,
      authorityId: "xmtp.org",
      contentType: "text",
    },
  };
}

/** Hex of a fixed length that stands for a text: tests read the same ids in every run. */
function hexOf(text: string, bytes: number): string {
  let hash = 0x811c9dc5;
  let hex = "";
  for (let index = 0; hex.length < bytes * 2; index += 1) {
    for (const character of `${text}/${index}`) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    hex += hash.toString(16).padStart(8, "0");
  }
  return hex.slice(0, bytes * 2);
}
