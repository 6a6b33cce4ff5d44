import type { HostConversation } from "@xmtp-backup/core";
import { Dm, type Group } from "@xmtp/browser-sdk";
import { hostConsent } from "./hostConsent.ts";

/** What core sees of one of the SDK's conversations; each question is a turn of the SDK's worker. */
export async function hostConversation(conversation: Group<unknown> | Dm<unknown>): Promise<HostConversation> {
  const { id, createdAtNs = 0n, addedByInboxId } = conversation;
  const [isActive, consent, peerInboxId] = await Promise.all([
    conversation.isActive(),
    conversation.consentState(),
    conversation instanceof Dm ? conversation.peerInboxId() : undefined,
  ]);
  const common = { id, isActive, createdAtNs, consent: hostConsent(consent), ...(addedByInboxId !== undefined && { addedByInboxId }) };
  return peerInboxId === undefined ? { ...common, kind: "group" } : { ...common, kind: "dm", peerInboxId };
}
