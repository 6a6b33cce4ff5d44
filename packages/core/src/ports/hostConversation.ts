export type ConversationKind = "group" | "dm";

/** What the user decided about a conversation or a person; `denied` is also what apps call blocked. */
export type Consent = "allowed" | "unknown" | "denied";

/** A conversation as the host lists it. */
export type HostConversation = {
  id: string;
  kind: ConversationKind;
  /** False after an import, until another member's client has added this installation. */
  isActive: boolean;
  /** The other person of a DM; absent for a group. */
  peerInboxId?: string;
  createdAtNs: bigint;
  consent: Consent;
  /** Who added this installation: the user's own inbox when another installation of theirs did; absent where the SDK can't tell. */
  addedByInboxId?: string;
};

/** A message as the client shows it. */
export type HostMessage = { id: string; conversationId: string; senderInboxId: string };

/** A conversation that the client knows and can't read: its state in the client's database is broken. */
export type BrokenConversation = {
  /** Absent where the SDK does not say which one it is. */
  id?: string;
  /** Absent where the SDK does not tell. */
  kind?: ConversationKind;
  /** Absent where the SDK does not tell. */
  createdAtNs?: bigint;
};
