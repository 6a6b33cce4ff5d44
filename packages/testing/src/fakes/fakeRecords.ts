import type { ArchiveConsent, ArchiveRecord } from "@xmtp-backup/archive";
import type { Consent, ExportRequest, MessageRange } from "@xmtp-backup/core";
import type { FakeConversation, FakeInbox, FakeMessage } from "./fakeInbox.ts";
import { hexOf } from "./hexOf.ts";

/** The bounds of an export: after the start, up to the end. */
export function inRange(sentAtNs: bigint, { startNs, endNs }: MessageRange): boolean {
  return (startNs === undefined || sentAtNs > startNs) && (endNs === undefined || sentAtNs <= endNs);
}

/** What the SDK writes for a request: docs/sdk-facts.md#export-with-a-start. */
export function* recordsOf(
  { conversations, consent }: FakeInbox,
  request: ExportRequest,
  ownInboxId: string,
  exportedAtNs = 1n,
): Generator<ArchiveRecord> {
  const { elements, startNs, endNs, excludeDisappearingMessages = false } = request;
  yield {
    kind: "metadata",
    metadata: { elements, exportedAtNs, ...(startNs !== undefined && { startNs }), ...(endNs !== undefined && { endNs }) },
  };
  if (elements.includes("consent")) for (const record of consent) yield consentRecord(record, conversations.get(record.entity));
  if (!elements.includes("messages")) return;
  for (const conversation of conversations.values()) {
    if (!conversation.isBroken && inRange(conversation.createdAtNs, request)) yield groupRecord(conversation, ownInboxId);
  }
  const written = new Set<FakeConversation["messages"]>();
  for (const { id: groupId, messages, disappearsInNs } of conversations.values()) {
    if (written.has(messages) || (excludeDisappearingMessages && disappearsInNs !== undefined)) continue;
    written.add(messages);
    for (const message of messages.values()) if (inRange(message.sentAtNs, request)) yield messageRecord(groupId, message);
  }
}

/** Whether one of the messages that a request asks for makes its export fail. */
export function failsExport({ conversations }: FakeInbox, request: ExportRequest): boolean {
  const messages = [...conversations.values()].flatMap((conversation) => [...conversation.messages.values()]);
  return request.elements.includes("messages") && messages.some((message) => message.failsExport && inRange(message.sentAtNs, request));
}

/** What the SDK does with a record: docs/sdk-facts.md#import-is-additive. */
export function takeRecord(inbox: FakeInbox, record: ArchiveRecord, ownInboxId: string): void {
  const { conversations } = inbox;
  if (record.kind === "consent") takeConsent(inbox, record.consent);
  if (record.kind === "group" && !conversations.has(record.group.id)) {
    const { id, createdAtNs, conversationType, mutableMetadata } = record.group;
    // docs/sdk-facts.md#restored-values
    const common = { id, isActive: false, createdAtNs, consent: consentIn(inbox, "conversationId", id), addedByInboxId: ownInboxId };
    if (conversationType === "dm") {
      const peerInboxId = peerOf(record.group, ownInboxId);
      const known = [...conversations.values()].find((each) => each.peerInboxId === peerInboxId);
      // docs/sdk-facts.md#import-allows-every-dm
      conversations.set(id, {
        ...common,
        consent: "allowed",
        kind: "dm",
        peerInboxId,
        messages: known?.messages ?? new Map<string, FakeMessage>(),
      });
    } else {
      conversations.set(id, { ...common, kind: "group", name: mutableMetadata?.attributes["group_name"] ?? "", messages: new Map() });
    }
  }
  if (record.kind === "message") {
    const { id, groupId, content, sentAtNs, senderInboxId } = record.message;
    const conversation = conversations.get(groupId);
    if (!conversation) throw new Error("[StorageError::Connection] storage error: FOREIGN KEY constraint failed");
    if (!conversation.messages.has(id))
      conversation.messages.set(id, { id, text: new TextDecoder().decode(content), sentAtNs, senderInboxId });
  }
}

/** Takes a decision that is newer than what is there: docs/sdk-facts.md#changed-decision-keeps-its-date. */
function takeConsent({ conversations, consent }: FakeInbox, record: ArchiveConsent): void {
  const known = consent.findIndex(({ entity }) => entity === record.entity);
  if (known < 0) return void consent.push(record);
  if ((consent[known] as ArchiveConsent).consentedAtNs >= record.consentedAtNs) return;
  consent[known] = record;
  const conversation = conversations.get(record.entity);
  if (conversation && record.state !== "unspecified" && typeof record.state === "string") conversation.consent = record.state;
}

/** What the user decided about a conversation or a person, by the records. */
export function consentIn({ consent }: FakeInbox, entityType: "conversationId" | "inboxId", entity: string): Consent {
  const state = consent.findLast((record) => record.entityType === entityType && record.entity === entity)?.state;
  return state === "allowed" || state === "denied" ? state : "unknown";
}

type GroupRecord = Extract<ArchiveRecord, { kind: "group" }>["group"];

/** The other of the two of a DM; of a DM in another user's archive, the one who did not make it. */
function peerOf({ dmId, metadata }: GroupRecord, ownInboxId: string): string {
  const others = (dmId ?? "").split(":").filter((part) => part !== "dm" && part !== ownInboxId);
  return others.find((part) => part !== metadata?.creatorInboxId) ?? others[0] ?? "";
}

/** A conversation's own field wins, so that a test that denies one sets one field. */
function consentRecord(record: ArchiveConsent, conversation: FakeConversation | undefined): ArchiveRecord {
  return { kind: "consent", consent: conversation ? { ...record, state: conversation.consent } : record };
}

function groupRecord(
  { id, kind, name, peerInboxId, createdAtNs, hasLeft, disappearsInNs, admins = [] }: FakeConversation,
  ownInboxId: string,
): ArchiveRecord {
  return {
    kind: "group",
    group: {
      id,
      createdAtNs,
      membershipState: hasLeft ? "pendingRemove" : "allowed",
      installationsLastCheckedNs: 0n,
      addedByInboxId: ownInboxId,
      rotatedAtNs: 0n,
      conversationType: kind,
      ...(disappearsInNs !== undefined && { messageDisappearFromNs: createdAtNs, messageDisappearInNs: disappearsInNs }),
      ...(peerInboxId !== undefined && { dmId: `dm:${[ownInboxId, peerInboxId].sort().join(":")}` }),
      metadata: { creatorInboxId: ownInboxId },
      mutableMetadata: { attributes: name === undefined ? {} : { group_name: name }, adminList: [...admins], superAdminList: [] },
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
