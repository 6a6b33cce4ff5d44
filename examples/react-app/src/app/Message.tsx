import type { ChatMessage } from "@xmtp-backup/example-messenger";
import { timeText } from "@xmtp-backup/example-messenger/words";

export function Message({ message: { text, from, senderName, sentAtMs } }: { message: ChatMessage }) {
  return (
    <li className="message" data-from={from}>
      <span className="message-sender">{senderName}</span>
      <span className="bubble">{text}</span>
      <time className="message-when" dateTime={new Date(sentAtMs).toISOString()}>{timeText(sentAtMs)}</time>
    </li>
  );
}
