import { chatTexts } from "@xmtp-backup/example-messenger/words";
import { BackToChats } from "./BackToChats.tsx";
import { Icon } from "./Icon.tsx";

/** What stands where no conversation is open. */
export function EmptyConversation({ isUnknown }: { isUnknown: boolean }) {
  return (
    <section className="conversation conversation-empty">
      {isUnknown && <BackToChats />}
      <div className="empty">
        <Icon name="chat" />
        <h2>{isUnknown ? chatTexts.unknown : chatTexts.choose}</h2>
        <p>{isUnknown ? chatTexts.unknownBody : chatTexts.chooseBody}</p>
      </div>
    </section>
  );
}
