import type { BrokenConversation, HostConversation } from "@xmtp-backup/core";
import { hostConsent } from "./hostConsent.ts";
import { isDm, type NodeConversation } from "./nodeClient.ts";

/** What core sees of one of the SDK's conversations. */
export function hostConversation(conversation: NodeConversation): HostConversation {
  const { id, isActive, createdAtNs, addedByInboxId } = conversation;
  const common = { id, isActive, createdAtNs, consent: hostConsent(conversation.consentState()), addedByInboxId };
  return isDm(conversation) ? { ...common, kind: "dm", peerInboxId: conversation.peerInboxId } : { ...common, kind: "group" };
}

/** What can be said of a conversation that the SDK can't describe. */
export function brokenConversation(conversation: NodeConversation): BrokenConversation {
  const { id } = conversation;
  const kind = isDm(conversation) ? "dm" : "group";
  try {
    return { id, kind, createdAtNs: conversation.createdAtNs };
  } catch {
    return { id, kind };
  }
}
