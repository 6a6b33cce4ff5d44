import type { HostConversation } from "@xmtp-backup/core";
import { hostConsent } from "@xmtp-backup/core/sdk";
import { isDm, type NodeConversation } from "./nodeClient.ts";

/** What core sees of one of the SDK's conversations. */
export function hostConversation(conversation: NodeConversation): HostConversation {
  const { id, isActive, createdAtNs, addedByInboxId } = conversation;
  const common = { id, isActive, createdAtNs, consent: hostConsent(conversation.consentState()), addedByInboxId };
  return isDm(conversation) ? { ...common, kind: "dm", peerInboxId: conversation.peerInboxId } : { ...common, kind: "group" };
}
