import type { HostConversation, ListOptions } from "@xmtp-backup/core";
import { type Client, Dm, type Group } from "@xmtp/browser-sdk";
import { allConsentStates } from "./hostConsent.ts";
import { hostConversation } from "./hostConversation.ts";
import { findWritableDm } from "./writableDm.ts";

type Found = Group<unknown> | Dm<unknown> | undefined;

/** How many look-ups are with the SDK's worker at a time: it answers one after the other, and others want to be answered too. */
const lookUpsAtOnce = 16;

/** The conversations that the options ask for, each once; every one without any. */
export async function lookUpConversations<T>(client: Client<T>, { ids, peerInboxIds, signal }: ListOptions): Promise<HostConversation[]> {
  const found = new Map<string, HostConversation>();
  const keep = async (conversation: Found) => {
    if (conversation && !found.has(conversation.id)) found.set(conversation.id, await hostConversation(conversation));
  };
  if (!ids && !peerInboxIds) {
    const all = await client.conversations.list({ includeDuplicateDms: true, consentStates: allConsentStates });
    await inBatches(all, signal, keep);
  }
  await inBatches([...new Set(ids)], signal, async (id) => keep(await findConversation(client, id)));
  await inBatches([...new Set(peerInboxIds)], signal, async (peerInboxId) => keep(await findWritableDm(client, peerInboxId)));
  return [...found.values()];
}

/** The conversation itself: of stitched DMs the SDK gives the newest one by the id of each. */
async function findConversation<T>(client: Client<T>, id: string): Promise<Found> {
  const conversation: Found = await client.conversations.getConversationById(id);
  if (!conversation || conversation.id === id || !(conversation instanceof Dm)) return conversation;
  return (await conversation.duplicateDms()).find((each) => each.id === id);
}

async function inBatches<T>(items: readonly T[], signal: AbortSignal | undefined, run: (item: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += lookUpsAtOnce) {
    signal?.throwIfAborted();
    await Promise.all(items.slice(from, from + lookUpsAtOnce).map(run));
  }
}
