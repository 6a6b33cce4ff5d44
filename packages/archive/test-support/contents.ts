import { encodeMessage, type MessageSpec } from "../src/protobuf/messageCodec.ts";
import { encodedContentSpec, groupUpdatedSpec, reactionSpec, remoteAttachmentsSpec } from "../src/content/contentSpecs.ts";

const utf8 = new TextEncoder();

type Encoded = {
  authorityId?: string;
  versionMajor?: number;
  parameters?: Record<string, string>;
  fallback?: string;
  compression?: "deflate" | "gzip";
};

/** An `EncodedContent` of that type. */
export const encoded = (typeId: string, content: Uint8Array | string, options: Encoded = {}): Uint8Array => {
  const { authorityId = "xmtp.org", versionMajor = 1, parameters = {}, ...rest } = options;
  const bytes = typeof content === "string" ? utf8.encode(content) : content;
  return encodeMessage(encodedContentSpec, {
    type: { authorityId, typeId, versionMajor, versionMinor: 0 },
    parameters,
    content: bytes,
    ...rest,
  });
};

export const textContent = (text: string): Uint8Array => encoded("text", text, { parameters: { encoding: "UTF-8" } });

const message = (spec: MessageSpec, values: Record<string, unknown>): Uint8Array => encodeMessage(spec, values);

export const reactionContent = (reaction: string, action = "added"): Uint8Array =>
  encoded("reaction", message(reactionSpec, { reference: "0a0b", action, content: reaction }), { versionMajor: 2 });

export const groupUpdatedContent = (values: Record<string, unknown>): Uint8Array =>
  encoded("group_updated", message(groupUpdatedSpec, values));

export const remoteAttachmentsContent = (attachments: { url: string; filename?: string }[]): Uint8Array =>
  encoded("multiRemoteStaticAttachment", message(remoteAttachmentsSpec, { attachments }));
