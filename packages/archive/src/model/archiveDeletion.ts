/** A message that deletes another one for everyone; the archive need not hold the other one. */
export type ArchiveDeletion = {
  /** The message that it deletes. */
  messageId: string;
  /** The conversation of both. */
  conversationId: string;
  /** Who deletes. */
  senderInboxId: string;
  /** When it was sent, in nanoseconds since 1970. */
  sentAtNs: bigint;
  /** Its sender was a super admin of the conversation then, as far as the archive tells: they may delete the messages of others. */
  isBySuperAdmin: boolean;
};
