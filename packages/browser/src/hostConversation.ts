import type { HostConversation } from "@xmtp-backup/core";
import { type BrowserConversation, isDm } from "./browserClient.ts";
import { hostConsent } from "./hostConsent.ts";

/** What core sees of one of the SDK's conversations; each question is a turn of the SDK's worker. */
export async function hostConversation(conversation: BrowserConversation): Promise<HostConversation> {
  const { id, createdAtNs = 0n, addedByInboxId } = conversation;
  const [isActive, consent, peerInboxId] = await Promise.all([
    conversation.isActive(),
    conversation.consentState(),
    isDm(conversation) ? conversation.peerInboxId() : undefined,
  ]);
  const common = { id, isActive, createdAtNs, consent: hostConsent(consent), ...(addedByInboxId !== undefined && { addedByInboxId }) };
  return peerInboxId === undefined ? { ...common, kind: "group" } : { ...common, kind: "dm", peerInboxId };
}
