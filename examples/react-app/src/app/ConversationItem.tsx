import { describeRestoredConversation } from "@xmtp-backup/core";
import type { ConversationSummary } from "@xmtp-backup/example-messenger";
import { hashOf, messageText, shortWhenText } from "@xmtp-backup/example-messenger/words";
import { useConversationActive } from "@xmtp-backup/react";
import { Avatar } from "./Avatar.tsx";

type ConversationItemProps = { conversation: ConversationSummary; isOpen: boolean };

/** A conversation of the list; one that can't be written yet is grey and says so. */
export function ConversationItem({ conversation: { id, title, last, lastAtMs }, isOpen }: ConversationItemProps) {
  const { canWrite, state } = useConversationActive(id);
  const nowMs = Date.now();
  return (
    <a
      className="conversation-item"
      href={hashOf({ screen: "chats", conversationId: id })}
      aria-current={isOpen ? "true" : undefined}
      data-readonly={!canWrite}
    >
      <Avatar title={title} />
      <span className="conversation-title">{title}</span>
      <span className="conversation-when">{shortWhenText(lastAtMs, nowMs)}</span>
      <span className="conversation-last">{last && messageText(last)}</span>
      {!canWrite && state && <span className="badge">{describeRestoredConversation(state, { nowMs }).badge}</span>}
    </a>
  );
}
