import { Conversation } from "./Conversation.tsx";
import { ConversationList } from "./ConversationList.tsx";
import { EmptyConversation } from "./EmptyConversation.tsx";
import { Reminders } from "./Reminders.tsx";
import { useSignedIn } from "./session.ts";
import { useObservable } from "./useObservable.ts";

export function ChatsScreen({ conversationId }: { conversationId: string | undefined }) {
  const { session } = useSignedIn();
  const conversations = useObservable(session.chat.conversations$, undefined);
  const open = conversations?.find(({ ids }) => ids.includes(conversationId ?? ""));
  return (
    <div className="chats">
      <div className="sidebar">
        <ConversationList conversations={conversations} openId={open?.id} />
        <Reminders />
      </div>
      {open ? (
        <Conversation key={open.id} conversation={open} />
      ) : (
        <EmptyConversation isUnknown={conversationId !== undefined && conversations !== undefined} />
      )}
    </div>
  );
}
