import { createReader, MlsFormatError, type Reader } from "./createReader.ts";

const protocolVersion = 1;
const wireFormat = { publicMessage: 1, privateMessage: 2 } as const;
const senderType = { member: 1, external: 2, newMemberProposal: 3, newMemberCommit: 4 } as const;
const contentType = { application: 1, proposal: 2, commit: 3 } as const;

/** What the network reads of a message to a group. The rest is encrypted for its members. */
export type ParsedGroupMessage = {
  groupId: Uint8Array;
  /** Whether it changes the group: a commit, or a proposal for one. */
  isCommit: boolean;
};

/**
 * Reads the clear part of an MLSMessage (RFC 9420, section 6) that is a private or public message.
 *
 * @throws {MlsFormatError} when the bytes are anything else.
 */
export function parseGroupMessage(message: Uint8Array): ParsedGroupMessage {
  const reader = createReader(message);
  if (reader.uint(2) !== protocolVersion) throw new MlsFormatError("not an MLS 1.0 message");
  const format = reader.uint(2);
  if (format !== wireFormat.privateMessage && format !== wireFormat.publicMessage) {
    throw new MlsFormatError(`wire format ${format} is not a message to a group`);
  }
  const groupId = reader.vector();
  if (groupId.length === 0) throw new MlsFormatError("group id is empty");
  reader.skip(8); // epoch
  const kind = format === wireFormat.privateMessage ? privateContentType(reader) : publicContentType(reader);
  return { groupId, isCommit: kind !== contentType.application };
}

function privateContentType(reader: Reader): number {
  const kind = knownContentType(reader.uint(1));
  reader.vector(); // authenticated data
  reader.vector(); // encrypted sender data
  reader.vector(); // ciphertext
  return kind;
}

function publicContentType(reader: Reader): number {
  const sender = reader.uint(1);
  if (sender === senderType.member || sender === senderType.external)
    reader.skip(4); // index
  else if (sender !== senderType.newMemberProposal && sender !== senderType.newMemberCommit) {
    throw new MlsFormatError(`unknown sender type ${sender}`);
  }
  reader.vector(); // authenticated data
  return knownContentType(reader.uint(1));
}

function knownContentType(kind: number): number {
  if (kind >= contentType.application && kind <= contentType.commit) return kind;
  throw new MlsFormatError(`unknown content type ${kind}`);
}
