import { type EncodedContent, groupUpdatedSpec } from "../content/contentSpecs.ts";
import { readContent } from "../content/readContent.ts";
import { decodeMessage } from "../protobuf/messageCodec.ts";
import { fromHex } from "../protobuf/hex.ts";
import { WireError } from "../protobuf/wireReader.ts";

/** The content types that change what is shown of other messages, as message records name them. */
const DELETION = "deleteMessage";
const GROUP_UPDATE = "group_updated";

/** What the protocol itself sends never disappears. */
const protocolTypes: ReadonlySet<string> = new Set(["group_membership_change", "leave_request"]);

/** The types that no deletion hides (docs/sdk-facts.md#deletable-types); `unknown` stands for every type that an app makes up. */
const lastingTypes: ReadonlySet<string> = new Set(["reaction", "readReceipt", "actions", "intent", "unknown"]);

/** Ids have 32 bytes; what is far longer names no message. */
const MOST_ID_BYTES = 64;

/**
 * What a message is for what is shown: one that can be deleted, one that only disappears, one that deletes, or one that changes a
 * group.
 */
export type MessageRole = "ordinary" | "lasting" | "deletion" | "groupUpdate" | "protocol";

export const roleOf = (contentType: string): MessageRole => {
  if (contentType === DELETION) return "deletion";
  if (contentType === GROUP_UPDATE) return "groupUpdate";
  if (lastingTypes.has(contentType)) return "lasting";
  return protocolTypes.has(contentType) ? "protocol" : "ordinary";
};

const deletionSpec = { messageId: [1, "string"] } as const;

const ofType = (content: EncodedContent | undefined, typeId: string): Uint8Array | undefined =>
  content?.type?.authorityId === "xmtp.org" && content.type.typeId === typeId ? content.content : undefined;

const attempt = <T>(decode: () => T): T | undefined => {
  try {
    return decode();
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
};

/** The id of the message that an encoded deletion names; undefined when it names none. */
export const deletedIdOf = (bytes: Uint8Array): Uint8Array | undefined =>
  attempt(() => {
    const content = ofType(readContent(bytes, "small"), DELETION);
    if (content === undefined) return undefined;
    const id = fromHex((decodeMessage(deletionSpec, content) as { messageId: string }).messageId);
    return id === undefined || id.length === 0 || id.length > MOST_ID_BYTES ? undefined : id;
  });

/** Who became a super admin, and who is none any more. */
export type SuperAdminChange = { added: string[]; removed: string[] };

/** What an encoded change of a group says of its super admins. */
export const superAdminChangeOf = (bytes: Uint8Array): SuperAdminChange | undefined =>
  attempt(() => {
    const content = ofType(readContent(bytes, "small"), GROUP_UPDATE);
    if (content === undefined) return undefined;
    type Updated = Record<"addedSuperAdmins" | "removedSuperAdmins", { inboxId: string }[]>;
    const { addedSuperAdmins, removedSuperAdmins } = decodeMessage(groupUpdatedSpec, content) as Updated;
    const idsOf = (people: { inboxId: string }[]) => people.map(({ inboxId }) => inboxId);
    return { added: idsOf(addedSuperAdmins), removed: idsOf(removedSuperAdmins) };
  });
