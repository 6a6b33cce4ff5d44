/** A conversation, or a DM that the SDK stitches to others with the same person. */
type Stitchable<C> = { readonly id: string; duplicateDms?(): Promise<C[]> };

/** The conversation of an id itself, also of stitched DMs (docs/sdk-facts.md#stitched-dms). */
export async function findConversation<C extends { readonly id: string }>(
  conversations: { getConversationById(id: string): Promise<(C & Stitchable<C>) | undefined> },
  id: string,
): Promise<C | undefined> {
  const conversation = await conversations.getConversationById(id);
  if (!conversation || conversation.id === id || !conversation.duplicateDms) return conversation;
  return (await conversation.duplicateDms()).find((each) => each.id === id);
}
