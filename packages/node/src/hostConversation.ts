import type { HostConversation } from "@xmtp-backup/core";
import { Dm, type Group } from "@xmtp/node-sdk";

/** What core sees of one of the SDK's conversations. */
export function hostConversation<T>(conversation: Group<T> | Dm<T>): HostConversation {
  const { id, isActive, createdAtNs } = conversation;
  return conversation instanceof Dm
    ? { id, kind: "dm", isActive, createdAtNs, peerInboxId: conversation.peerInboxId }
    : { id, kind: "group", isActive, createdAtNs };
}
