import type { Backups, Host } from "@xmtp-backup/core";
import { type Client, type Conversation, type DecodedMessage, type Dm, Group, isText } from "@xmtp/browser-sdk";
import { concatMap, merge, Observable, shareReplay, startWith, Subject, throttleTime } from "rxjs";

export type ConversationSummary = { id: string; title: string; kind: "dm" | "group"; lastText: string; lastAtMs: number };
export type ChatMessage = { id: string; text: string; from: "me" | "them"; senderName: string; sentAtMs: number };

/** The conversations of one client, and what is said in them. */
export type Chat = {
  /** Newest first. */
  readonly conversations$: Observable<readonly ConversationSummary[]>;
  /** The texts of a conversation, oldest first. */
  messages$(conversationId: string): Observable<readonly ChatMessage[]>;
  /** @throws CONVERSATION_INACTIVE when it is restored and nobody has added this installation yet */
  send(conversationId: string, text: string): Promise<void>;
  /** Starts a DM and a group with Bob, who answers every text. */
  meetBob(): Promise<void>;
};

/** A burst of arrivals, such as after a sync, is read once at its beginning and once at its end. */
const restMs = 150;

export function createChat(client: Client, host: Host, backups: Backups, bobInboxId: string): Chat {
  const sent = new Subject<void>();
  const arrived$ = new Observable<unknown>((subscriber) => host.watch((event) => subscriber.next(event)));
  // No stream of the SDK tells what an import brought; and a DM that was started anew is listed as the newer one.
  const changed$ = merge(sent, arrived$, backups.imported$, backups.activation$).pipe(startWith(undefined), throttleTime(restMs, undefined, { leading: true, trailing: true }));
  const nameOf = (inboxId: string) => (inboxId === client.inboxId ? "You" : inboxId === bobInboxId ? "Bob" : "A member");

  const conversations$ = changed$.pipe(
    concatMap(async () => {
      const listed = await client.conversations.list();
      const summaries = await Promise.all(listed.map(summaryOf));
      return summaries.sort((one, other) => other.lastAtMs - one.lastAtMs);
    }),
    shareReplay({ bufferSize: 1, refCount: true }),
  );

  async function summaryOf(conversation: Conversation): Promise<ConversationSummary> {
    const last = (await textsOf(conversation)).at(-1);
    return {
      id: conversation.id,
      title: await titleOf(conversation),
      kind: conversation instanceof Group ? "group" : "dm",
      lastText: last?.text ?? "",
      lastAtMs: last?.sentAtMs ?? Number((conversation.createdAtNs ?? 0n) / 1_000_000n),
    };
  }

  async function titleOf(conversation: Conversation): Promise<string> {
    if (conversation instanceof Group) return conversation.name || "A group without a name";
    return nameOf(await (conversation as Dm).peerInboxId());
  }

  async function textsOf(conversation: Conversation): Promise<ChatMessage[]> {
    return (await conversation.messages()).filter(isText).map(toMessage);
  }

  function toMessage({ id, content, senderInboxId, sentAt }: DecodedMessage<string>): ChatMessage {
    const from = senderInboxId === client.inboxId ? "me" : "them";
    return { id, text: content ?? "", from, senderName: nameOf(senderInboxId), sentAtMs: sentAt.getTime() };
  }

  async function find(id: string): Promise<Conversation> {
    const conversation = await client.conversations.getConversationById(id);
    if (!conversation) throw new Error("This conversation is not on this device.");
    return conversation;
  }

  return {
    conversations$,
    messages$: (conversationId) => changed$.pipe(concatMap(async () => textsOf(await find(conversationId)))),
    async send(conversationId, text) {
      await backups.guardWrites(await find(conversationId)).sendText(text);
      sent.next();
    },
    async meetBob() {
      const dm = await client.conversations.createDm(bobInboxId);
      await dm.sendText("Hi Bob, is this you?");
      const group = await client.conversations.createGroup([bobInboxId], { groupName: "Lisbon in May" });
      await group.sendText("Shall we take the night train?");
      sent.next();
    },
  };
}
