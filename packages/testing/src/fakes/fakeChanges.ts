import type { FakeChange, FakeConversation, FakeInbox } from "./fakeInbox.ts";

/** Changes a conversation as a client does that hears of it. A request to leave is no change that is noted: docs/sdk-facts.md#changes-are-messages. */
export function changeConversation(conversation: FakeConversation, { hasLeft = false, ...noted }: FakeChange): void {
  Object.assign(conversation, noted);
  if ("disappearsInNs" in noted && noted.disappearsInNs === undefined) delete conversation.disappearsInNs;
  if (!hasLeft || Object.keys(noted).length > 0) conversation.changes = (conversation.changes ?? 0) + 1;
  if (hasLeft) conversation.hasLeft = true;
}

/** What a host over the SDK answers: the changes of all stitched DMs together. */
export function changesOf({ conversations }: FakeInbox, id: string): number {
  const conversation = conversations.get(id);
  if (!conversation) return 0;
  const { peerInboxId, hasLeft, isActive } = conversation;
  const together =
    peerInboxId === undefined ? [conversation] : [...conversations.values()].filter((each) => each.peerInboxId === peerInboxId);
  return together.reduce((sum, { changes = 0 }) => sum + changes, 0) * 4 + (hasLeft ? 2 : 0) + (isActive ? 0 : 1);
}
