import type { ArchiveConsent } from "@xmtp-backup/archive";
import type { HostConversation } from "@xmtp-backup/core";
import { hexOf } from "./hexOf.ts";

export type FakeMessage = {
  id: string;
  text: string;
  sentAtNs: bigint;
  senderInboxId: string;
  /** An export that would hold it fails. @default false */
  failsExport?: boolean;
};
/**
 * `isBroken` is a conversation whose state is gone from the client's database: it is not listed, and its messages are exported without it.
 *
 * DMs with the same peer share their messages: docs/sdk-facts.md#stitched-dms.
 */
export type FakeConversation = HostConversation & {
  name?: string;
  messages: Map<string, FakeMessage>;
  isBroken?: boolean;
  /** The user has asked to leave the group, and nobody has removed them yet. @default false */
  hasLeft?: boolean;
  /** After how long its messages disappear, in nanoseconds; the fake keeps them until a test takes them away. @default never */
  disappearsInNs?: bigint;
  /** The inbox ids of its admins. @default none */
  admins?: readonly string[];
  /** How many changes of its name, people or timer the client has noted; `fakeHost().change()` adds one. @default 0 */
  changes?: number;
};

/** What changes of a conversation; a timer of `undefined` is none. */
export type FakeChange = { name?: string; admins?: readonly string[]; disappearsInNs?: bigint | undefined; hasLeft?: boolean };

/** What a fake client holds. */
export type FakeInbox = { conversations: Map<string, FakeConversation>; consent: ArchiveConsent[] };

/** A client's content of so many groups, and DMs with a peer each, with so many messages each, a second apart. */
export function fakeInbox({ groups = 2, dms = 0, messagesEach = 3, startNs = 1_700_000_000_000_000_000n } = {}): FakeInbox {
  const inbox: FakeInbox = { conversations: new Map(), consent: [] };
  let sentAtNs = startNs;

  function messagesOf(prefix: string, senderInboxId: string): Map<string, FakeMessage> {
    const messages = new Map<string, FakeMessage>();
    for (let count = 0; count < messagesEach; count += 1) {
      sentAtNs += 1_000_000_000n;
      const id = hexOf(`${prefix} ${count}`, 32);
      messages.set(id, { id, text: `Message ${count}`, sentAtNs, senderInboxId });
    }
    return messages;
  }

  function allow(entityType: "conversationId" | "inboxId", entity: string): void {
    inbox.consent.push({ entityType, state: "allowed", entity, consentedAtNs: startNs });
  }

  const common = { isActive: true, createdAtNs: startNs, consent: "allowed" } as const;
  for (let index = 0; index < groups; index += 1) {
    const id = hexOf(`group ${index}`, 16);
    const messages = messagesOf(`message ${index}`, hexOf("bob", 32));
    inbox.conversations.set(id, { ...common, id, kind: "group", name: `Group ${index}`, messages });
    allow("conversationId", id);
  }
  for (let index = 0; index < dms; index += 1) {
    const id = hexOf(`dm ${index}`, 16);
    const peerInboxId = hexOf(`peer ${index}`, 32);
    inbox.conversations.set(id, { ...common, id, kind: "dm", peerInboxId, messages: messagesOf(`dm message ${index}`, peerInboxId) });
    allow("conversationId", id);
    allow("inboxId", peerInboxId);
  }
  return inbox;
}
