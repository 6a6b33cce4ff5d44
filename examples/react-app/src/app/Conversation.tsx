import type { ConversationSummary } from "@xmtp-backup/example-messenger";
import { chatTexts } from "@xmtp-backup/example-messenger/words";
import { useConversationActive } from "@xmtp-backup/react";
import { useEffect, useRef } from "react";
import { Avatar } from "./Avatar.tsx";
import { BackToChats } from "./BackToChats.tsx";
import { Composer } from "./Composer.tsx";
import { Icon } from "./Icon.tsx";
import { LeaveGroup } from "./LeaveGroup.tsx";
import { Messages } from "./Messages.tsx";
import { ReadOnlyNotice } from "./ReadOnlyNotice.tsx";

/** One conversation: who, what was said, and where to write, or why that has to wait. */
export function Conversation({ conversation }: { conversation: ConversationSummary }) {
  const { id, title, kind, hasLeft } = conversation;
  const { canWrite, state } = useConversationActive(id);
  const isLeft = hasLeft && canWrite;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="conversation" aria-labelledby="conversation-title" data-readonly={!canWrite}>
      <div className="conversation-top">
        <BackToChats />
        <Avatar title={title} />
        <h2 id="conversation-title" ref={heading} tabIndex={-1}>
          {title}
        </h2>
        {kind === "group" && canWrite && !hasLeft && <LeaveGroup groupId={id} />}
      </div>
      <Messages conversationId={id} title={title} />
      {!canWrite && state && <ReadOnlyNotice state={state} title={title} />}
      {isLeft ? (
        <div className="readonly">
          <Icon name="lock" />
          <p>{chatTexts.left}</p>
        </div>
      ) : (
        <Composer conversationId={id} />
      )}
    </section>
  );
}
