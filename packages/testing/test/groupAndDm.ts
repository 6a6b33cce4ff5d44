import { type FakeInbox, fakeInbox } from "../src/index.ts";

/** What the host contract asks for: a group and a DM with two messages each. */
export function groupAndDm(): FakeInbox {
  const inbox = fakeInbox({ groups: 2, messagesEach: 2 });
  const second = [...inbox.conversations.values()][1];
  if (second) {
    delete second.name;
    Object.assign(second, { kind: "dm", peerInboxId: "b".repeat(64) });
  }
  return inbox;
}
