import { decodeMessage, type MessageSpec } from "../protobuf/messageCodec.ts";
import { decodeUtf8, WireError } from "../protobuf/wireReader.ts";
import { type EncodedContent, groupUpdatedSpec, reactionSpec, remoteAttachmentsSpec } from "../content/contentSpecs.ts";
import { readContent } from "../content/readContent.ts";

/** What a message says, for people to read; every text in it is other people's. */
export type TranscriptContent =
  | { type: "text"; text: string }
  | { type: "reply"; inReplyTo: string; content: TranscriptContent }
  | { type: "reaction"; to: string; reaction: string; isRemoved: boolean }
  | { type: "readReceipt" }
  | { type: "attachment"; filename: string; mimeType: string; bytes: Uint8Array }
  /** Files that are kept elsewhere, and may be gone. */
  | { type: "remoteAttachment"; files: { filename: string; url: string }[] }
  | { type: "groupUpdated"; initiatedByInboxId: string; changes: GroupChange[] }
  | { type: "transactionReference"; reference: string; networkId: string }
  /** Another type, or content that can't be decoded; `text` is its fallback, if it has one. */
  | { type: "other"; contentType: string; text: string };

/** A change of a group; `who` are inbox ids. */
export type GroupChange =
  | { change: "added" | "removed" | "left" | "addedAdmins" | "removedAdmins" | "addedSuperAdmins" | "removedSuperAdmins"; who: string[] }
  | { change: "field"; field: string; before: string; after: string };

/** Replies within replies are followed so far. */
const MAX_DEPTH = 4;

const decode = <T>(spec: MessageSpec, bytes: Uint8Array): T => decodeMessage(spec, bytes) as T;

const decodeJson = (bytes: Uint8Array): Record<string, unknown> => {
  const value: unknown = JSON.parse(decodeUtf8(bytes));
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
};

const textOf = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

const describeReaction = (content: Uint8Array, versionMajor: number): TranscriptContent => {
  // The first version is JSON, the second protobuf, with the same names.
  const reaction = versionMajor === 1 ? decodeJson(content) : decode<Record<string, unknown>>(reactionSpec, content);
  const { reference, content: text, action } = reaction;
  return { type: "reaction", to: textOf(reference), reaction: textOf(text), isRemoved: action === "removed" };
};

const describeGroupUpdate = (content: Uint8Array): TranscriptContent => {
  type Updated = { initiatedByInboxId: string; changes: { field: string; before?: string; after?: string }[] };
  const { initiatedByInboxId, changes, ...members } = decode<Updated>(groupUpdatedSpec, content);
  const kinds = ["added", "removed", "left", "addedAdmins", "removedAdmins", "addedSuperAdmins", "removedSuperAdmins"] as const;
  const byMembers = kinds.flatMap((change): GroupChange[] => {
    const who = (members as unknown as Record<string, { inboxId: string }[]>)[change]?.map(({ inboxId }) => inboxId) ?? [];
    return who.length > 0 ? [{ change, who }] : [];
  });
  const byFields = changes.map(({ field, before = "", after = "" }): GroupChange => ({ change: "field", field, before, after }));
  return { type: "groupUpdated", initiatedByInboxId, changes: [...byMembers, ...byFields] };
};

const describe = (encoded: EncodedContent, depth: number): TranscriptContent | undefined => {
  const { type, parameters, content } = encoded;
  if (type?.authorityId !== "xmtp.org" || encoded.compression !== undefined) return undefined;
  switch (type.typeId) {
    case "text":
    case "markdown":
      return { type: "text", text: decodeUtf8(content) };
    case "reply":
      return depth < MAX_DEPTH
        ? { type: "reply", inReplyTo: parameters["reference"] ?? "", content: describeContent(content, depth + 1) }
        : undefined;
    case "reaction":
      return describeReaction(content, type.versionMajor);
    case "readReceipt":
      return { type: "readReceipt" };
    case "attachment":
      return { type: "attachment", filename: parameters["filename"] ?? "", mimeType: parameters["mimeType"] ?? "", bytes: content };
    case "remoteStaticAttachment":
      return { type: "remoteAttachment", files: [{ filename: parameters["filename"] ?? "", url: decodeUtf8(content) }] };
    case "multiRemoteStaticAttachment": {
      const { attachments } = decode<{ attachments: { url: string; filename?: string }[] }>(remoteAttachmentsSpec, content);
      return { type: "remoteAttachment", files: attachments.map(({ url, filename = "" }) => ({ filename, url })) };
    }
    case "group_updated":
      return describeGroupUpdate(content);
    case "transactionReference": {
      const { reference, networkId } = decodeJson(content);
      return { type: "transactionReference", reference: textOf(reference), networkId: textOf(networkId) };
    }
    default:
      return undefined;
  }
};

/** Decodes a message's content. Content that can't be decoded shows its fallback, and is never an error. */
export const describeContent = (bytes: Uint8Array, depth = 0): TranscriptContent => {
  let encoded: EncodedContent | undefined;
  try {
    encoded = readContent(bytes);
    const described = describe(encoded, depth);
    if (described !== undefined) return described;
  } catch (error) {
    if (!(error instanceof WireError || error instanceof SyntaxError)) throw error;
  }
  const { authorityId = "", typeId = "" } = encoded?.type ?? {};
  return { type: "other", contentType: typeId === "" ? "" : `${authorityId}/${typeId}`, text: encoded?.fallback ?? "" };
};
