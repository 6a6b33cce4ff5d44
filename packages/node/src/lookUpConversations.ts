import { setImmediate as turn } from "node:timers/promises";
import type { HostConversation, ListOptions } from "@xmtp-backup/core";
import type { Client, Dm, Group } from "@xmtp/node-sdk";
import { assertOpen } from "./assertOpen.ts";
import { allConsentStates } from "./hostConsent.ts";
import { hostConversation } from "./hostConversation.ts";
import { findWritableDm } from "./writableDm.ts";

/** How many look-ups by id run side by side. */
const lookUpsAtOnce = 8;
/** After how many peers, whose look-up is synchronous, the event loop has its turn. */
const peersPerTurn = 64;
/**
 * With more ids than these one listing is cheaper: it reads every message (5 ms for 1,000) and holds the event loop meanwhile; a look-up
 * by id takes half a millisecond.
 */
const fewEnough = 512;

/** The conversations that the options ask for, each once. */
export async function lookUpConversations<T>(client: Client<T>, { ids = [], peerInboxIds = [], signal }: ListOptions): Promise<HostConversation[]> {
  await assertOpen(client);
  const found = new Map<string, Group<T> | Dm<T>>();
  if (ids.length > fewEnough) {
    const wanted = new Set(ids);
    for (const conversation of await listEverything(client)) if (wanted.has(conversation.id)) found.set(conversation.id, conversation);
  } else {
    for (let from = 0; from < ids.length; from += lookUpsAtOnce) {
      signal?.throwIfAborted();
      const some = ids.slice(from, from + lookUpsAtOnce);
      const conversations = await Promise.all(some.map((id) => client.conversations.getConversationById(id)));
      for (const conversation of conversations) if (conversation) found.set(conversation.id, conversation);
    }
  }
  for (const [index, peerInboxId] of peerInboxIds.entries()) {
    if (index % peersPerTurn === peersPerTurn - 1) await turn(undefined, { signal });
    const dm = await findWritableDm(client, peerInboxId);
    if (dm) found.set(dm.id, dm);
  }
  return [...found.values()].map((conversation) => hostConversation(conversation));
}

/** Every conversation: inactive ones and those of any consent included, stitched DMs each on their own. */
export function listEverything<T>(client: Client<T>): Promise<(Group<T> | Dm<T>)[]> {
  return client.conversations.list({ includeDuplicateDms: true, consentStates: allConsentStates });
}
