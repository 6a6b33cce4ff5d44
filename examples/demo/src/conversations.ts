import {
  type Client,
  ConsentEntityType,
  ConsentState,
  type Dm,
  encodeText,
  type Group,
  ReactionAction,
  ReactionSchema,
} from "@xmtp/node-sdk";

/** What Alice and Bob talk about before she backs up: a group and a DM with a name, a reaction, a reply, a long text, an attachment and consent states. */
export async function chat(alice: Client, bob: Client): Promise<void> {
  const group = await alice.conversations.createGroup([bob.inboxId], { groupName: "Lisbon in May" });
  await group.sendText("Shall we take the night train?");
  const dm = await alice.conversations.createDm(bob.inboxId);
  await dm.sendText("Don't tell the others, I booked it already");

  await bob.conversations.syncAll();
  const bobsGroup = await find(bob, group.id);
  const question = (await bobsGroup.messages()).find(({ content }) => content === "Shall we take the night train?");
  if (!question) throw new Error("Bob did not get Alice's question.");
  await bobsGroup.sendReaction({
    reference: question.id,
    referenceInboxId: alice.inboxId,
    action: ReactionAction.Added,
    content: "🚆",
    schema: ReactionSchema.Unicode,
  });
  await bobsGroup.sendReply({ reference: question.id, content: encodeText("Only if I get the window") });
  await group.sendText(itinerary());
  await group.sendAttachment({
    filename: "tickets.txt",
    mimeType: "text/plain",
    content: new TextEncoder().encode("Coach 12, seats 41 and 42"),
  });
  await (await find(bob, dm.id)).sendText("I knew it 😄");
  await alice.conversations.syncAll();

  await alice.preferences.setConsentStates([
    { entityType: ConsentEntityType.InboxId, entity: bob.inboxId, state: ConsentState.Allowed },
    { entityType: ConsentEntityType.GroupId, entity: group.id, state: ConsentState.Allowed },
  ]);
}

/** A text of more than 10 kB: the SDK's own import of a file never ends on one. */
function itinerary(): string {
  const hours = Array.from({ length: 240 }, (_, hour) => `Hour ${hour}: somewhere between Hendaye and Lisboa Oriente.`);
  return `The whole itinerary\n${hours.join("\n")}`;
}

/** A conversation of a client by its id. */
export async function find(client: Client, id: string): Promise<Group | Dm> {
  const conversation = await client.conversations.getConversationById(id);
  if (!conversation) throw new Error(`There is no conversation ${id}.`);
  return conversation;
}

/** The names of a client's conversations by their id; a DM is called by its person. */
export async function titlesOf(client: Client): Promise<Map<string, string>> {
  return new Map((await client.conversations.list()).map((each) => [each.id, "name" in each ? each.name : "Bob"]));
}
