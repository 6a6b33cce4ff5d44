import type { MessageSpec } from "../protobuf/messageCodec.ts";

const contentTypeSpec = {
  authorityId: [1, "string"],
  typeId: [2, "string"],
  versionMajor: [3, "int32"],
  versionMinor: [4, "int32"],
} as const satisfies MessageSpec;

/** What every XMTP message carries: a typed, encoded content. */
export const encodedContentSpec = {
  type: [1, { message: contentTypeSpec }, "optional"],
  parameters: [2, "map"],
  fallback: [3, "string", "optional"],
  content: [4, "bytes"],
  compression: [5, { names: ["deflate", "gzip"] }, "optional"],
} as const satisfies MessageSpec;

export type EncodedContent = {
  type?: { authorityId: string; typeId: string; versionMajor: number };
  parameters: Readonly<Record<string, string>>;
  /** What to show where the type is not known. */
  fallback?: string;
  content: Uint8Array;
  /** How the content is compressed, where it still is. */
  compression?: string | number;
};

export const reactionSpec = {
  reference: [1, "string"],
  action: [3, { names: ["unspecified", "added", "removed"] }],
  content: [4, "string"],
} as const satisfies MessageSpec;

const inboxes = { message: { inboxId: [1, "string"] }, repeated: true } as const;

export const groupUpdatedSpec = {
  initiatedByInboxId: [1, "string"],
  added: [2, inboxes],
  removed: [3, inboxes],
  changes: [4, { message: { field: [1, "string"], before: [2, "string", "optional"], after: [3, "string", "optional"] }, repeated: true }],
  left: [5, inboxes],
  addedAdmins: [6, inboxes],
  removedAdmins: [7, inboxes],
  addedSuperAdmins: [8, inboxes],
  removedSuperAdmins: [9, inboxes],
} as const satisfies MessageSpec;

/** Without the secrets of the files, which a transcript is no place for. */
export const remoteAttachmentsSpec = {
  attachments: [1, { message: { url: [6, "string"], filename: [8, "string", "optional"] }, repeated: true }],
} as const satisfies MessageSpec;
