import type { Backups } from "@xmtp-backup/core";
import { type Client, isText } from "@xmtp/node-sdk";

/** Answers every text with its length, until the returned function is called; never writes where the agent was restored and is read-only. */
export async function answer(client: Client, backups: Backups, log: (line: string) => void): Promise<() => Promise<unknown>> {
  const stream = await client.conversations.streamAllMessages({
    onValue: (message) => {
      if (message.senderInboxId === client.inboxId || !isText(message)) return;
      reply(message.conversationId, String(message.content)).catch((error: unknown) => log(`could not answer: ${String(error)}`));
    },
  });

  async function reply(conversationId: string, text: string): Promise<void> {
    const conversation = await client.conversations.getConversationById(conversationId);
    if (!conversation) return;
    await backups.guardWrites(conversation).sendText(`${text.length} characters, thank you`);
    log(`answered “${text}”`);
  }

  return () => stream.end();
}
