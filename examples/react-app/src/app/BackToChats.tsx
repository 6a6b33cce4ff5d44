import { chatTexts, hashOf } from "@xmtp-backup/example-messenger/words";
import { Icon } from "./Icon.tsx";

/** On a narrow screen the list is a screen of its own, and this leads there. */
export function BackToChats() {
  return (
    <a className="icon-button back" href={hashOf({ screen: "chats" })} aria-label={chatTexts.back}>
      <Icon name="back" />
    </a>
  );
}
