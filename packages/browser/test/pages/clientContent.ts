import { type Client, ConsentState, GroupMessageKind } from "@xmtp/browser-sdk";

/** What a client holds, in an order and a shape that tests compare. */
export type ClientContent = { id: string; isActive: boolean; messageIds: string[] }[];

const consentStates = [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied];

export async function contentOfClient(client: Client): Promise<ClientContent> {
  const conversations = await client.conversations.list({ includeDuplicateDms: true, consentStates });
  const content = await Promise.all(
    conversations.map(async (conversation) => ({
      id: conversation.id,
      isActive: await conversation.isActive(),
      messageIds: (await conversation.messages({ kind: GroupMessageKind.Application })).map(({ id }) => id),
    })),
  );
  return content.sort((a, b) => (a.id < b.id ? -1 : 1));
}
