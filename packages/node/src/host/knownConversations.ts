import type { ListOptions } from "@xmtp-backup/core";
import { allConsentStates, findConversation, findWritableDm, sdkValues } from "@xmtp-backup/core/sdk";
import { createPace } from "./createPace.ts";
import type { NodeClient, NodeConversation } from "./nodeClient.ts";
import { probeOpen } from "./probeOpen.ts";

/** How many look-ups by id run side by side: of more none is faster, and each holds the event loop for a moment. */
const lookUpsAtOnce = 16;

/** The SDK's objects of a client's conversations, each looked up once. */
export type KnownConversations = {
  /** One that was looked up before. */
  get(id: string): NodeConversation | undefined;
  /** Those of these ids that there are; a broken one once it was listed. */
  find(ids: readonly string[], signal?: AbortSignal): Promise<NodeConversation[]>;
  /** Those that the options ask for, each once. */
  lookUp(options: Pick<ListOptions, "ids" | "peerInboxIds" | "signal">): Promise<NodeConversation[]>;
  /**
   * Everything, in one call that reads every message (docs/sdk-facts.md#lists-read-messages).
   *
   * It comes from the lists of one kind, since `list` can fail as a whole (docs/sdk-facts.md#list-fails-as-a-whole).
   */
  listAll(): NodeConversation[];
  /** All that is denied; quick where nothing is. */
  listDenied(): NodeConversation[];
};

/**
 * Keeps the objects that the SDK gives. They hold an id and nothing else: each question asks the database, so that they change in place
 * (docs/sdk-facts.md#objects-change-in-place). No conversation ever leaves a client.
 */
export function knownConversations(client: NodeClient): KnownConversations {
  const known = new Map<string, NodeConversation>();
  const { conversations } = client;

  function keep<C extends NodeConversation>(all: readonly C[]): readonly C[] {
    for (const each of all) known.set(each.id, each);
    return all;
  }

  function list(consentStates: number[]): NodeConversation[] {
    const options = { includeDuplicateDms: true, consentStates };
    return [...keep(conversations.listGroups(options)), ...keep(conversations.listDms(options))];
  }

  async function find(ids: readonly string[], signal?: AbortSignal): Promise<NodeConversation[]> {
    const missing = ids.filter((id) => !known.has(id));
    // Answers of the SDK that follow one another closely leave timers no turn.
    const pace = createPace(signal);
    for (let from = 0; from < missing.length; from += lookUpsAtOnce) {
      signal?.throwIfAborted();
      await pace();
      const some = missing.slice(from, from + lookUpsAtOnce);
      const found = await Promise.all(some.map((id) => findConversation(conversations, id)));
      keep(found.filter((each) => each !== undefined));
    }
    return ids.flatMap((id) => known.get(id) ?? []);
  }

  return {
    get: (id) => known.get(id),
    find,
    async lookUp({ ids = [], peerInboxIds = [], signal }) {
      await probeOpen(client);
      const found = new Map((await find([...new Set(ids)], signal)).map((each) => [each.id, each]));
      const pace = createPace(signal);
      for (const peerInboxId of peerInboxIds) {
        await pace();
        // A DM that is broken can't be written.
        const dm = await findWritableDm(client, peerInboxId).catch(() => undefined);
        if (dm) found.set(dm.id, dm);
      }
      return [...found.values()];
    },
    listAll: () => list(allConsentStates),
    listDenied: () => list([sdkValues.consentState.denied]),
  };
}
