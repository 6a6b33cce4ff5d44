import { type ArchiveMessage, type ArchiveRecord, writeArchive } from "@xmtp-backup/archive";

const ns = 1_000_000n;
const startNs = 1_767_225_600_000n * ns;

/** The records of an archive with one conversation for each list of message sizes, in bytes. */
export function* recordsOf(inboxId: string, conversations: readonly (readonly number[])[]): Generator<ArchiveRecord> {
  yield { kind: "metadata", metadata: { elements: ["messages"], exportedAtNs: startNs } };
  for (const index of conversations.keys()) yield groupOf(inboxId, index);
  let count = 0;
  for (const [index, sizes] of conversations.entries()) {
    for (const size of sizes) yield messageOf(inboxId, index, (count += 1), size);
  }
}

export async function archiveOf(inboxId: string, conversations: readonly (readonly number[])[], key: Uint8Array): Promise<Blob> {
  return new Response(writeArchive(recordsOf(inboxId, conversations), key) as ReadableStream<Uint8Array<ArrayBuffer>>).blob();
}

function groupOf(inboxId: string, index: number): ArchiveRecord {
  return {
    kind: "group",
    group: {
      id: hex(index + 1, 16),
      createdAtNs: startNs,
      membershipState: "allowed",
      installationsLastCheckedNs: 0n,
      addedByInboxId: inboxId,
      rotatedAtNs: 0n,
      conversationType: "group",
      metadata: { creatorInboxId: inboxId },
      mutableMetadata: { attributes: { group_name: `Group ${index}` }, adminList: [], superAdminList: [inboxId] },
    },
  };
}

function messageOf(inboxId: string, conversation: number, count: number, size: number): ArchiveRecord {
  return textMessage({
    id: hex(count, 32),
    groupId: hex(conversation + 1, 16),
    content: textContent(size),
    sentAtNs: startNs + BigInt(count) * 1000n * ns,
    senderInboxId: inboxId,
  });
}

/** A text that somebody has sent. */
export function textMessage(message: Pick<ArchiveMessage, "id" | "groupId" | "content" | "sentAtNs" | "senderInboxId">): ArchiveRecord {
  return {
    kind: "message",
    message: {
      ...message,
      kind: "application",
      senderInstallationId: hex(7, 32),
      deliveryStatus: "published",
      contentTypeNumber: 2,
      versionMajor: 1,
      versionMinor: 0,
      authorityId: "xmtp.org",
      contentType: "text",
    },
  };
}

/** An XMTP EncodedContent of a text: type (authority, name, version 1.0), parameters, content. */
function textContent(size: number): Uint8Array {
  const type = field(1, [...field(1, [...ascii("xmtp.org")]), ...field(2, [...ascii("text")]), 0x18, 1]);
  const text = ascii("Lorem ipsum ".repeat(size / 12 + 1)).subarray(0, size);
  return Uint8Array.from([...type, (4 << 3) | 2, ...varint(size), ...text]);
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function field(number: number, bytes: number[]): number[] {
  return [(number << 3) | 2, ...varint(bytes.length), ...bytes];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

function hex(value: number, bytes: number): string {
  return (value + 0x10000000).toString(16).padStart(bytes * 2, "a");
}
