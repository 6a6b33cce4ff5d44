import { setImmediate as turn } from "node:timers/promises";
import type { BrokenConversation, HostConversation, ListOptions } from "@xmtp-backup/core";
import { brokenConversation } from "@xmtp-backup/core/sdk";
import { probeOpen } from "./probeOpen.ts";
import { hostConversation } from "./hostConversation.ts";
import { listEverything, lookUpConversations } from "./lookUpConversations.ts";
import type { NodeClient, NodeConversation } from "./nodeClient.ts";

export type ConversationList = {
  /** The conversations that the options ask for; those that the SDK can't read are left out and named. */
  list(options?: ListOptions): Promise<HostConversation[]>;
  /** A conversation by its id; a broken one once it was listed. */
  find(id: string): Promise<NodeConversation | undefined>;
};

/** After how many conversations, whose description is synchronous, the event loop has its turn. */
const describedPerTurn = 64;

/** Lists a client's conversations one by one, so that a broken one does not hide the others. */
export function conversationList(client: NodeClient): ConversationList {
  const known = new Map<string, NodeConversation>();

  async function describe(conversations: readonly NodeConversation[], signal: AbortSignal | undefined) {
    const listed: HostConversation[] = [];
    const broken: BrokenConversation[] = [];
    for (const [index, conversation] of conversations.entries()) {
      if (index % describedPerTurn === describedPerTurn - 1) await turn(undefined, { signal });
      try {
        listed.push(hostConversation(conversation));
        known.delete(conversation.id);
      } catch {
        known.set(conversation.id, conversation);
        broken.push(brokenConversation(conversation));
      }
    }
    return { listed, broken };
  }

  /** Broken ones can't be found by their id (docs/sdk-facts.md#list-fails-as-a-whole). */
  function knownAmong(ids: readonly string[], found: readonly NodeConversation[]): NodeConversation[] {
    if (known.size === 0) return [];
    const foundIds = new Set(found.map(({ id }) => id));
    return [...new Set(ids)].flatMap((id) => (foundIds.has(id) ? [] : (known.get(id) ?? [])));
  }

  return {
    async list(options = {}) {
      const { ids, peerInboxIds, signal, onBroken } = options;
      const found = ids || peerInboxIds ? await lookUpConversations(client, options) : listEverything(client);
      const { listed, broken } = await describe([...found, ...knownAmong(ids ?? [], found)], signal);
      // Nothing of a closed client can be read either.
      if (broken.length > 0) await probeOpen(client);
      for (const each of broken) onBroken?.(each);
      return listed;
    },
    find: async (id) => (await client.conversations.getConversationById(id)) ?? known.get(id),
  };
}
