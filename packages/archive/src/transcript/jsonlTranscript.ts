import { toBase64 } from "./toBase64.ts";
import { isoTime, isUnsent, type TranscriptWriter } from "./transcriptWriter.ts";

/** Times as decimal strings, since they are larger than JSON's numbers are exact; bytes as base64. */
const replace = (_: string, value: unknown): unknown => {
  if (typeof value === "bigint") return String(value);
  return value instanceof Uint8Array ? toBase64(value) : value;
};

const line = (value: unknown): string => `${JSON.stringify(value, replace)}\n`;

/** A transcript for programs: one JSON value a line. */
export const jsonlTranscript = (): TranscriptWriter => ({
  start: ({ metadata, conversations, messages }, names) =>
    line({ kind: "archive", exportedAt: isoTime(metadata.exportedAtNs), conversations: conversations.length, messages, names }),
  conversation: ({ createdAtNs, firstMessageNs: _, lastMessageNs: __, ...conversation }) =>
    line({ kind: "conversation", ...conversation, createdAt: isoTime(createdAtNs) }),
  message: ({ id, groupId, sentAtNs, senderInboxId, deliveryStatus }, content) =>
    line({
      kind: "message",
      id,
      conversationId: groupId,
      sentAt: isoTime(sentAtNs),
      sentAtNs,
      senderInboxId,
      deliveryStatus,
      ...(isUnsent(deliveryStatus) && { unsent: true }),
      content,
    }),
  endConversation: () => "",
  end: () => "",
});
