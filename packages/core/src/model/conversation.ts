export type ConversationKind = "group" | "dm";

/** A conversation as the host lists it. */
export type HostConversation = {
  id: string;
  kind: ConversationKind;
  /** False after an import, until another member's client has added this installation. */
  isActive: boolean;
  /** The other person of a DM; absent for a group. */
  peerInboxId?: string;
  createdAtNs: bigint;
};
