import { setImmediate as turn } from "node:timers/promises";
import type { ListOptions } from "@xmtp-backup/core";
import { allConsentStates, findConversation, findWritableDm } from "@xmtp-backup/core/sdk";
import { probeOpen } from "./probeOpen.ts";
import type { NodeClient, NodeConversation } from "./nodeClient.ts";

/** How many look-ups by id run side by side. */
const lookUpsAtOnce = 8;
/** After how many peers, whose look-up is synchronous, the event loop has its turn. */
const peersPerTurn = 64;

/**
 * The conversations that the options ask for, each once.
 *
 * However many they are, each is looked up. A listing reads every message of the client, and describing all that it gives at once holds
 * the event loop.
 */
export async function lookUpConversations(
  client: NodeClient,
  { ids = [], peerInboxIds = [], signal }: ListOptions,
): Promise<NodeConversation[]> {
  await probeOpen(client);
  const found = new Map<string, NodeConversation>();
  const keep = (conversation: NodeConversation | undefined) => conversation && found.set(conversation.id, conversation);
  for (let from = 0; from < ids.length; from += lookUpsAtOnce) {
    signal?.throwIfAborted();
    const some = ids.slice(from, from + lookUpsAtOnce);
    const conversations = await Promise.all(some.map((id) => findConversation(client.conversations, id)));
    conversations.forEach(keep);
  }
  for (const [index, peerInboxId] of peerInboxIds.entries()) {
    if (index % peersPerTurn === peersPerTurn - 1) await turn(undefined, { signal });
    // A DM that is broken can't be written.
    keep(await findWritableDm(client, peerInboxId).catch(() => undefined));
  }
  return [...found.values()];
}

/**
 * Every conversation: inactive ones and those of any consent included, stitched DMs each on their own.
 *
 * They come from the lists of one kind, since `list` can fail as a whole (docs/sdk-facts.md#list-fails-as-a-whole).
 */
export function listEverything({ conversations }: NodeClient): NodeConversation[] {
  const options = { includeDuplicateDms: true, consentStates: allConsentStates };
  return [...conversations.listGroups(options), ...conversations.listDms(options)];
}
