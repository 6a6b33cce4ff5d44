import { type Client, ConsentEntityType, ConsentState } from "@xmtp/browser-sdk";

/** A group with two texts, one of them long, and a DM with one, and consent for both. */
export async function startChat({ conversations, preferences }: Client, peerInboxId: string): Promise<{ groupId: string; dmId: string }> {
  const group = await conversations.createGroup([peerInboxId], { groupName: "Lisbon in May" });
  await group.sendText("Shall we take the night train?");
  await group.sendText("It has a window. ".repeat(200));
  const dm = await conversations.createDm(peerInboxId);
  await dm.sendText("Don't tell the others");
  await preferences.setConsentStates([
    { entityType: ConsentEntityType.InboxId, entity: peerInboxId, state: ConsentState.Allowed },
    { entityType: ConsentEntityType.GroupId, entity: group.id, state: ConsentState.Allowed },
  ]);
  return { groupId: group.id, dmId: dm.id };
}
