import type { Backups, TrackedConversation } from "@xmtp-backup/core";
import type { AgentClient, AgentMessage, AgentStreamOptions } from "./agentShape.ts";
import type { MessageGate } from "./messageGate.ts";

type Streamer = { conversations: Pick<AgentClient["conversations"], "getConversationById" | "streamAllMessages"> };

/**
 * Gives an agent the messages that its stream missed when a restored conversation became active
 * (docs/sdk-facts.md#activating-message-is-missed).
 *
 * They go the way of the agent's own stream, through its middleware to its handlers. Returns how to end that.
 */
export function bringMissed(
  client: Streamer,
  backups: Pick<Backups, "activation$">,
  gate: MessageGate,
  report: (error: Error) => void,
): () => void {
  const stream = tapStream(client);
  const { conversations } = client;

  async function bring(tracked: TrackedConversation): Promise<void> {
    const conversation = await conversations.getConversationById(tracked.id);
    const messages =
      (await conversation?.messages({
        sentAfterNs: tracked.lastMessageMs === undefined ? 0n : BigInt(Math.floor(tracked.lastMessageMs)) * 1_000_000n,
      })) ?? [];
    for (const message of gate.takeMissed(tracked, messages)) stream.give(message);
  }

  let isFirst = true;
  const subscription = backups.activation$.subscribe(({ conversations: all, changed }) => {
    // The first state is of any age: its last change says nothing of what became of the other conversations.
    const news = new Set(changed);
    const seen = isFirst ? all : all.filter(({ id }) => news.has(id));
    isFirst = false;
    for (const tracked of seen) {
      if (tracked.status !== "active") gate.watch(tracked.id);
      else if (tracked.isBackfilled) bring(tracked).catch(report);
    }
  });
  return () => {
    subscription.unsubscribe();
    stream.end();
  };
}

/** Keeps what the agent does with each message of its stream; what is given before the stream is open waits for it. */
function tapStream({ conversations }: Streamer): { give(message: AgentMessage): void; end(): void } {
  const open = conversations.streamAllMessages;
  const waiting: AgentMessage[] = [];
  let onValue: AgentStreamOptions["onValue"];

  conversations.streamAllMessages = async (options: AgentStreamOptions = {}) => {
    const stream = await open.call(conversations, options);
    // The streams by which the plugin watches the client take no errors.
    if (options.onError) {
      onValue = options.onValue;
      for (const message of waiting.splice(0)) onValue?.(message);
    }
    return stream;
  };

  return {
    give(message) {
      if (onValue) onValue(message);
      else waiting.push(message);
    },
    end() {
      conversations.streamAllMessages = open;
      onValue = () => undefined;
    },
  };
}
