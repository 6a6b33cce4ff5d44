import type { ConversationKind } from "./conversation.ts";

/** A restored conversation that is followed until it is active again. */
export type TrackedConversation = {
  id: string;
  kind: ConversationKind;
  /** A DM is followed by its peer, since a new DM with the same peer takes the old one's history over. */
  peerInboxId?: string;
  status: "waiting" | "active";
  restoredAtMs: number;
  activeAtMs?: number;
  /** Where writing works again: the same conversation, or the newer DM that took its history over. */
  activeId?: string;
};

/** How many of the restored conversations are active again. */
export type ActivationState = {
  total: number;
  active: number;
  conversations: readonly TrackedConversation[];
};
