import { type Client, ConsentEntityType, ConsentState, type Dm, type Group } from "@xmtp/node-sdk";

export const groupTexts = ["Shall we take the night train?", "Only if I get the window"] as const;
export const dmTexts = ["Don't tell the others", "I knew it 😄"] as const;

/** A group and a DM with two messages each, and consent for both. */
export async function chat(client: Client, peer: Client): Promise<{ group: Group; dm: Dm }> {
  const group = await client.conversations.createGroup([peer.inboxId], { groupName: "Lisbon in May" });
  for (const text of groupTexts) await group.sendText(text);
  const dm = await client.conversations.createDm(peer.inboxId);
  for (const text of dmTexts) await dm.sendText(text);
  await client.preferences.setConsentStates([
    { entityType: ConsentEntityType.InboxId, entity: peer.inboxId, state: ConsentState.Allowed },
    { entityType: ConsentEntityType.GroupId, entity: group.id, state: ConsentState.Allowed },
  ]);
  return { group, dm };
}

/** A conversation of a client by its id. */
export async function find(client: Client, id: string): Promise<Group | Dm> {
  const conversation = await client.conversations.getConversationById(id);
  if (!conversation) throw new Error(`There is no conversation ${id}.`);
  return conversation;
}

/** The texts of a conversation, oldest first; nothing of one that the client does not have. */
export async function textsOf(client: Client, id: string): Promise<string[]> {
  const conversation = await client.conversations.getConversationById(id);
  const messages = (await conversation?.messages()) ?? [];
  return messages.map(({ content }) => content).filter((content) => typeof content === "string");
}
