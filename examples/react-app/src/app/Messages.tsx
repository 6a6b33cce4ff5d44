import { chatTexts, messagesLabel } from "@xmtp-backup/example-messenger/words";
import { useMemo } from "react";
import { Message } from "./Message.tsx";
import { useSignedIn } from "./session.ts";
import { useObservable } from "./useObservable.ts";

/** What was said, the newest at the bottom. */
export function Messages({ conversationId, title }: { conversationId: string; title: string }) {
  const { session } = useSignedIn();
  const messages = useObservable(
    useMemo(() => session.chat.messages$(conversationId), [session, conversationId]),
    undefined,
  );
  return (
    <div className="messages" role="log" aria-label={messagesLabel(title)} tabIndex={0}>
      <ol>
        {messages?.length === 0 && <li className="messages-none">{chatTexts.noMessages}</li>}
        {messages?.map((message) => (
          <Message key={message.id} message={message} />
        ))}
      </ol>
    </div>
  );
}
