import type { ConversationSummary } from "@xmtp-backup/example-messenger";
import { chatTexts } from "@xmtp-backup/example-messenger/words";
import { ConversationItem } from "./ConversationItem.tsx";
import { MeetBob } from "./MeetBob.tsx";

type ConversationListProps = { conversations: readonly ConversationSummary[] | undefined; openId: string | undefined };

export function ConversationList({ conversations, openId }: ConversationListProps) {
  if (conversations?.length === 0) return <MeetBob />;
  return (
    <ul className="conversations" aria-label={chatTexts.conversations}>
      {conversations?.map((conversation) => (
        <li key={conversation.id}>
          <ConversationItem conversation={conversation} isOpen={conversation.id === openId} />
        </li>
      ))}
    </ul>
  );
}
