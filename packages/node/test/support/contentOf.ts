import { type Client, ConsentEntityType, ConsentState, GroupMessageKind } from "@xmtp/node-sdk";

/** What a client holds, in an order and a shape that tests compare. */
export type Content = { id: string; isActive: boolean; consent: ConsentState; messageIds: string[] }[];

const consentStates = [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied];

export async function contentOf(client: Client): Promise<Content> {
  const conversations = await client.conversations.list({ includeDuplicateDms: true, consentStates });
  const content: Content = [];
  for (const conversation of conversations) {
    const messages = await conversation.messages({ kind: GroupMessageKind.Application });
    const messageIds = messages.map(({ id }) => id);
    content.push({ id: conversation.id, isActive: conversation.isActive, consent: conversation.consentState(), messageIds });
  }
  return content.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** How many application messages a client holds. */
export async function messagesIn(client: Client): Promise<number> {
  const conversations = await client.conversations.list({ includeDuplicateDms: true, consentStates });
  const counts = await Promise.all(conversations.map((conversation) => conversation.countMessages({ kind: GroupMessageKind.Application })));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The same content as a new installation shows it: nothing but whether it is active differs. */
export function asInactive(content: Content): Content {
  return content.map((each) => ({ ...each, isActive: false }));
}

export async function isAllowed(client: Client, inboxId: string): Promise<boolean> {
  return (await client.preferences.getConsentState(ConsentEntityType.InboxId, inboxId)) === ConsentState.Allowed;
}
