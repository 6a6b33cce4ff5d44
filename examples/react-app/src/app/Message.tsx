import type { ChatMessage } from "@xmtp-backup/example-messenger";
import { messageText, timeText } from "@xmtp-backup/example-messenger/words";

export function Message({ message }: { message: ChatMessage }) {
  const { isDeleted, from, senderName, sentAtMs } = message;
  return (
    <li className="message" data-from={from} data-deleted={isDeleted}>
      <span className="message-sender">{senderName}</span>
      <span className="bubble">{messageText(message)}</span>
      <time className="message-when" dateTime={new Date(sentAtMs).toISOString()}>
        {timeText(sentAtMs)}
      </time>
    </li>
  );
}
