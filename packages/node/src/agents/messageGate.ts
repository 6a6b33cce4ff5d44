import type { TrackedConversation } from "@xmtp-backup/core";
import type { AgentMessage, AgentMiddleware } from "./agentShape.ts";

const nsPerMs = 1_000_000n;

/** Lets an agent see no restored message, and those of a conversation that has just become active once each. */
export type MessageGate = {
  middleware: AgentMiddleware;
  /** Begins to note which messages of an inactive conversation pass. */
  watch(conversationId: string): void;
  /**
   * Ends that, and gives the messages that the agent is still to see. The agent sees each message once, whichever source brings it first.
   */
  takeMissed<TMessage extends AgentMessage>(conversation: TrackedConversation, messages: readonly TMessage[]): TMessage[];
};

type Watched = { byId: Map<string, "passed" | "missed">; isOver: boolean };

/**
 * Without this gate an agent would answer its whole history, at each start until a conversation is active
 * (docs/sdk-facts.md#stream-gives-restored-messages).
 *
 * It holds where nothing could be tracked too: whatever was sent up to the newest restored message came before this installation.
 *
 * @param find - the followed conversation of an id; undefined of one that is not followed
 * @param restoredUpToMs - when the newest restored message was sent, in milliseconds since 1970; undefined when none was restored
 */
export function createMessageGate(
  find: (conversationId: string) => TrackedConversation | undefined,
  restoredUpToMs: () => number | undefined = () => undefined,
): MessageGate {
  const watched = new Map<string, Watched>();

  return {
    async middleware({ message }, next) {
      const tracked = find(message.conversationId);
      if (isRestored(message, tracked ?? { lastMessageMs: restoredUpToMs() })) return;
      const { byId, isOver } = watched.get(message.conversationId) ?? nothingWatched;
      const known = byId.get(message.id);
      if (known === "passed") return;
      if (known === "missed" || !isOver) byId.set(message.id, "passed");
      await next();
    },

    watch(conversationId) {
      if (!watched.has(conversationId)) watched.set(conversationId, { byId: new Map(), isOver: false });
    },

    takeMissed(tracked, messages) {
      const entry = watched.get(tracked.id) ?? nothingWatched;
      if (entry.isOver) return [];
      entry.isOver = true;
      const missed = messages.filter(
        (message) => message.conversationId === tracked.id && !isRestored(message, tracked) && !entry.byId.has(message.id),
      );
      for (const { id } of missed) entry.byId.set(id, "missed");
      return missed;
    },
  };
}

const nothingWatched: Watched = Object.freeze({ byId: new Map<string, never>(), isOver: true });

function isRestored({ sentAtNs }: AgentMessage, { lastMessageMs }: { lastMessageMs?: number | undefined }): boolean {
  return lastMessageMs !== undefined && sentAtNs / nsPerMs <= BigInt(Math.floor(lastMessageMs));
}
