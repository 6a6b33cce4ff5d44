import type { FakeConversation, FakeInbox, FakeMessage } from "./fakeInbox.ts";

type NewDm = { id: string; peerInboxId: string; createdAtNs: bigint; addedByInboxId: string };

/** The DM with a person that can be written: the newest active one. */
export function activeDmWith({ conversations }: FakeInbox, peerInboxId: string): FakeConversation | undefined {
  return [...conversations.values()].findLast((each) => each.peerInboxId === peerInboxId && each.isActive);
}

/** Adds an active DM that shows the messages of those there were with the same person, as docs/sdk-facts.md#stitched-dms. */
export function addDm({ conversations, consent }: FakeInbox, dm: NewDm): FakeConversation {
  const known = [...conversations.values()].find((each) => each.peerInboxId === dm.peerInboxId);
  const made: FakeConversation = {
    ...dm,
    kind: "dm",
    isActive: true,
    consent: "allowed",
    messages: known?.messages ?? new Map<string, FakeMessage>(),
  };
  conversations.set(made.id, made);
  consent.push({ entityType: "conversationId", state: "allowed", entity: made.id, consentedAtNs: made.createdAtNs });
  return made;
}

/** The DM that a list shows for all with one person: the newest. */
export function listedDmOf({ conversations }: FakeInbox, id: string): string | undefined {
  const peerInboxId = conversations.get(id)?.peerInboxId;
  if (peerInboxId === undefined) return undefined;
  return [...conversations.values()].findLast((each) => each.peerInboxId === peerInboxId)?.id;
}
