import type { Backups, Host } from "@xmtp-backup/core";
import { type Client, type Conversation, type DecodedMessage, Dm, Group, isText } from "@xmtp/browser-sdk";
import { combineLatest, concatMap, map, merge, Observable, shareReplay, startWith, Subject, throttleTime } from "rxjs";
import { deletedIds$ } from "./deletedIds.ts";

export type ConversationSummary = {
  id: string;
  /** Every id that the conversation has: a person's DMs are listed as one, under any of their ids. */
  ids: readonly string[];
  title: string;
  kind: "dm" | "group";
  /** The user asked to leave the group, and no admin's app has taken them out yet. */
  hasLeft: boolean;
  last?: ChatMessage;
  lastAtMs: number;
};
export type ChatMessage = {
  id: string;
  /** Empty where it was deleted for everyone. */
  text: string;
  isDeleted: boolean;
  from: "me" | "them";
  senderName: string;
  sentAtMs: number;
};

/** The conversations of one client, and what is said in them. */
export type Chat = {
  /** Newest first. */
  readonly conversations$: Observable<readonly ConversationSummary[]>;
  /** The texts of a conversation, oldest first; of one that was deleted for everyone, only that there was one. */
  messages$(conversationId: string): Observable<readonly ChatMessage[]>;
  /** @throws CONVERSATION_INACTIVE when it is restored and nobody has added this installation yet */
  send(conversationId: string, text: string): Promise<void>;
  /** Asks to leave a group. */
  leave(groupId: string): Promise<void>;
  /** Starts a DM and a group with Bob, who answers every text. */
  meetBob(): Promise<void>;
};

/** A burst of arrivals, such as after a sync, is read once at its beginning and once at its end. */
const restMs = 150;

export function createChat(client: Client, host: Host, backups: Backups, bobInboxId: string): Chat {
  const sent = new Subject<void>();
  const arrived$ = new Observable<unknown>((subscriber) => host.watch((event) => subscriber.next(event)));
  // No stream of the SDK tells what an import brought; and a DM that was started again is listed as the newer one.
  const changed$ = merge(sent, arrived$, backups.imported$, backups.activation$).pipe(
    startWith(undefined),
    throttleTime(restMs, undefined, { leading: true, trailing: true }),
  );
  const deleted$ = deletedIds$(backups);
  const shown$ = combineLatest([deleted$, changed$]).pipe(map(([deleted]) => deleted));
  const nameOf = (inboxId: string) => (inboxId === client.inboxId ? "You" : inboxId === bobInboxId ? "Bob" : "A member");

  const conversations$ = shown$.pipe(
    concatMap(async (deleted) => {
      const listed = await client.conversations.list();
      const summaries = await Promise.all(listed.map((each) => summaryOf(each, deleted)));
      return summaries.sort((one, other) => other.lastAtMs - one.lastAtMs);
    }),
    shareReplay({ bufferSize: 1, refCount: true }),
  );

  async function summaryOf(conversation: Conversation, deleted: ReadonlySet<string>): Promise<ConversationSummary> {
    const last = (await textsOf(conversation, deleted)).at(-1);
    const twins = conversation instanceof Dm ? await conversation.duplicateDms() : [];
    return {
      id: conversation.id,
      ids: [conversation.id, ...twins.map(({ id }) => id)],
      title: await titleOf(conversation),
      kind: conversation instanceof Group ? "group" : "dm",
      hasLeft: conversation instanceof Group && (await conversation.isPendingRemoval()),
      ...(last && { last }),
      lastAtMs: last?.sentAtMs ?? Number((conversation.createdAtNs ?? 0n) / 1_000_000n),
    };
  }

  async function titleOf(conversation: Conversation): Promise<string> {
    if (conversation instanceof Group) return conversation.name || "A group without a name";
    return nameOf(await (conversation as Dm).peerInboxId());
  }

  async function textsOf(conversation: Conversation, deleted: ReadonlySet<string>): Promise<ChatMessage[]> {
    const messages = await conversation.messages();
    return messages.filter((message) => isText(message) || isDeletion(message)).map((message) => toMessage(message, deleted));
  }

  function toMessage(message: DecodedMessage, deleted: ReadonlySet<string>): ChatMessage {
    const { id, senderInboxId, sentAt } = message;
    const isDeleted = isDeletion(message) || deleted.has(id);
    const text = !isDeleted && isText(message) ? (message.content ?? "") : "";
    return {
      id,
      text,
      isDeleted,
      from: senderInboxId === client.inboxId ? "me" : "them",
      senderName: nameOf(senderInboxId),
      sentAtMs: sentAt.getTime(),
    };
  }

  async function find(id: string): Promise<Conversation> {
    const conversation = await client.conversations.getConversationById(id);
    if (!conversation) throw new Error("This conversation is not on this device.");
    return conversation;
  }

  return {
    conversations$,
    messages$: (conversationId) => shown$.pipe(concatMap(async (deleted) => textsOf(await find(conversationId), deleted))),
    async send(conversationId, text) {
      await backups.guardWrites(await find(conversationId)).sendText(text);
      sent.next();
    },
    async leave(groupId) {
      const group = await find(groupId);
      if (group instanceof Group) await group.requestRemoval();
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

/** What the SDK leaves of a message that was deleted for everyone. */
function isDeletion({ contentType: { authorityId, typeId } }: DecodedMessage): boolean {
  return authorityId === "xmtp.org" && typeId === "deletedMessage";
}
