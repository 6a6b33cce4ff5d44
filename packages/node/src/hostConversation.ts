import type { BrokenConversation, HostConversation } from "@xmtp-backup/core";
import { Dm, type Group } from "@xmtp/node-sdk";
import { hostConsent } from "./hostConsent.ts";

/** What core sees of one of the SDK's conversations. */
export function hostConversation<T>(conversation: Group<T> | Dm<T>): HostConversation {
  const { id, isActive, createdAtNs, addedByInboxId } = conversation;
  const common = { id, isActive, createdAtNs, consent: hostConsent(conversation.consentState()), addedByInboxId };
  return conversation instanceof Dm ? { ...common, kind: "dm", peerInboxId: conversation.peerInboxId } : { ...common, kind: "group" };
}

/** What can be said of a conversation that the SDK can't describe. */
export function brokenConversation<T>(conversation: Group<T> | Dm<T>): BrokenConversation {
  const { id } = conversation;
  const kind = conversation instanceof Dm ? "dm" : "group";
  try {
    return { id, kind, createdAtNs: conversation.createdAtNs };
  } catch {
    return { id, kind };
  }
}
