import type { BrokenConversation, HostConversation, ListOptions } from "@xmtp-backup/core";
import { brokenConversation } from "@xmtp-backup/core/sdk";
import type { TemporaryFiles } from "../state/temporaryFiles.ts";
import { createPace } from "./createPace.ts";
import { hostConversation } from "./hostConversation.ts";
import { idsWithoutListing } from "./idsWithoutListing.ts";
import { knownConversations } from "./knownConversations.ts";
import type { NodeClient, NodeConversation } from "./nodeClient.ts";
import { probeOpen } from "./probeOpen.ts";

export type ConversationList = {
  /** The conversations that the options ask for; those that the SDK can't read are left out and named. */
  list(options?: ListOptions): Promise<HostConversation[]>;
  /** A conversation by its id; a broken one once it was listed. */
  find(id: string): Promise<NodeConversation | undefined>;
};

/** Lists a client's conversations one by one, so that a broken one does not hide the others, and so that the event loop has its turns. */
export function conversationList(client: NodeClient, temporary: TemporaryFiles): ConversationList {
  const known = knownConversations(client);
  /** Denied ones that the client does not have, though the user decided about them on another device. */
  const elsewhere = new Set<string>();

  /**
   * Every conversation: inactive ones and those of any consent included, stitched DMs each on their own.
   *
   * Broken ones can't be found by their id (docs/sdk-facts.md#list-fails-as-a-whole), so that an id which nobody finds is looked for in a
   * listing. One that is known is not looked for again.
   */
  async function everything(signal: AbortSignal | undefined): Promise<NodeConversation[]> {
    await probeOpen(client);
    const ids = await idsWithoutListing(client, temporary, signal);
    if (!ids) return known.listAll();
    const { here, denied, allowed } = ids;
    // An allowed one that was denied a moment ago is in neither of the two answers.
    const asked = new Set([...here, ...denied, ...allowed.filter((id) => known.get(id) !== undefined)]);
    const found = await known.find([...asked], signal).catch(() => signal?.throwIfAborted());
    if (!found) return known.listAll();
    const foundIds = new Set(found.map(({ id }) => id));
    if ([...here].some((id) => !foundIds.has(id))) return known.listAll();
    const unseen = denied.filter((id) => !foundIds.has(id) && !elsewhere.has(id));
    if (unseen.length === 0) return found;
    const broken = known.listDenied().filter(({ id }) => !foundIds.has(id));
    for (const id of unseen) elsewhere.add(id);
    return [...found, ...broken];
  }

  async function describe(conversations: readonly NodeConversation[], signal: AbortSignal | undefined) {
    const listed: HostConversation[] = [];
    const broken: BrokenConversation[] = [];
    const pace = createPace(signal);
    for (const conversation of conversations) {
      await pace();
      try {
        listed.push(hostConversation(conversation));
      } catch {
        broken.push(brokenConversation(conversation));
      }
    }
    return { listed, broken };
  }

  return {
    async list({ ids, peerInboxIds, signal, onBroken } = {}) {
      const found = ids || peerInboxIds ? await known.lookUp({ ids, peerInboxIds, signal }) : await everything(signal);
      const { listed, broken } = await describe(found, signal);
      // Nothing of a closed client can be read either.
      if (broken.length > 0) await probeOpen(client);
      for (const each of broken) onBroken?.(each);
      return listed.sort(groupsFirst);
    },
    find: async (id) => known.get(id) ?? (await known.find([id]))[0],
  };
}

/** Groups, then DMs, the oldest first: the keys of a map have no order. */
function groupsFirst(one: HostConversation, other: HostConversation): number {
  if (one.kind !== other.kind) return one.kind === "group" ? -1 : 1;
  if (one.createdAtNs !== other.createdAtNs) return one.createdAtNs < other.createdAtNs ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}
