import type { ConversationSummary } from "@xmtp-backup/example-messenger";
import { useConversationActive } from "@xmtp-backup/react";
import { useMemo } from "react";
import { Conversation } from "./Conversation.tsx";
import { ConversationList } from "./ConversationList.tsx";
import { EmptyConversation } from "./EmptyConversation.tsx";
import { Reminders } from "./Reminders.tsx";
import { useSignedIn } from "./session.ts";
import { useObservable } from "./useObservable.ts";

export function ChatsScreen({ conversationId }: { conversationId: string | undefined }) {
  const { session } = useSignedIn();
  const conversations = useObservable(session.chat.conversations$, undefined);
  // A DM that was started anew is listed as the newer one.
  const newerId = useConversationActive(conversationId ?? "").state?.activeId;
  const open = useMemo(() => findOpen(conversations, conversationId, newerId), [conversations, conversationId, newerId]);
  return (
    <div className="chats">
      <div className="sidebar">
        <ConversationList conversations={conversations} openId={open?.id} />
        <Reminders />
      </div>
      {open ? <Conversation key={open.id} conversation={open} /> : <EmptyConversation isUnknown={conversationId !== undefined && conversations !== undefined} />}
    </div>
  );
}

function findOpen(conversations: readonly ConversationSummary[] | undefined, ...ids: (string | undefined)[]): ConversationSummary | undefined {
  const known = new Map(conversations?.map((conversation) => [conversation.id, conversation]));
  return ids.map((id) => known.get(id ?? "")).find(Boolean);
}
