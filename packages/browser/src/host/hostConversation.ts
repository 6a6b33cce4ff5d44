import type { HostConversation } from "@xmtp-backup/core";
import { hasPeer, hostConsent, sdkValues } from "@xmtp-backup/core/sdk";
import { type BrowserClient, type BrowserConversation, type BrowserDm, isDm } from "./browserClient.ts";

/** What core sees of one of the SDK's conversations; each question is a turn of the SDK's worker. */
export async function hostConversation(client: BrowserClient, conversation: BrowserConversation): Promise<HostConversation> {
  const { id, createdAtNs = 0n, addedByInboxId } = conversation;
  const [isActive, consent, peerInboxId] = await Promise.all([
    isDm(conversation) ? isDmActive(client, conversation) : conversation.isActive(),
    // A DM would answer with the consent of the latest DM with the same person.
    client.preferences.getConsentState(sdkValues.consentEntity.conversation, id),
    isDm(conversation) ? conversation.peerInboxId() : undefined,
  ]);
  const common = { id, isActive, createdAtNs, consent: hostConsent(consent), ...(addedByInboxId !== undefined && { addedByInboxId }) };
  return peerInboxId === undefined ? { ...common, kind: "group" } : { ...common, kind: "dm", peerInboxId };
}

/**
 * The SDK answers for the latest DM with the same person (docs/sdk-facts.md#browser-answers-for-the-latest-dm), which can be
 * half made (docs/sdk-facts.md#half-made-dm).
 */
async function isDmActive(client: BrowserClient, dm: BrowserDm): Promise<boolean> {
  if (!(await dm.isActive())) return false;
  const latest = await client.conversations.getConversationById(dm.id);
  return latest?.id === dm.id || hasPeer(dm);
}
