import { describeRestoredConversation } from "@xmtp-backup/core";
import { chatTexts } from "@xmtp-backup/example-messenger/words";
import { useConversationActive } from "@xmtp-backup/react";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "./ErrorNote.tsx";
import { Icon } from "./Icon.tsx";
import { useSignedIn } from "./session.ts";
import { useAction } from "./useAction.ts";

/** Where one writes; disabled, with the reason described, until a restored conversation is active again. */
export function Composer({ conversationId }: { conversationId: string }) {
  const { session } = useSignedIn();
  const { canWrite, state } = useConversationActive(conversationId);
  const { run, isBusy, error } = useAction();
  const [text, setText] = useState("");
  const placeholder = !canWrite && state ? describeRestoredConversation(state, { nowMs: Date.now() }).placeholder : undefined;

  const send = async (event: FormEvent) => {
    event.preventDefault();
    const written = text.trim();
    if (written === "" || isBusy) return;
    setText("");
    // What was not sent comes back, before what was typed meanwhile.
    if (!(await run(() => session.chat.send(conversationId, written)))) setText((typed) => `${written} ${typed}`.trim());
  };

  return (
    <form className="composer" onSubmit={(event) => void send(event)}>
      {error !== undefined && <ErrorNote error={error} />}
      <input
        className="composer-text"
        aria-label={chatTexts.message}
        aria-describedby={canWrite ? undefined : "readonly"}
        placeholder={placeholder ?? chatTexts.placeholder}
        autoComplete="off"
        value={text}
        disabled={!canWrite}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="send" aria-label={chatTexts.send} disabled={!canWrite}>
        <Icon name="send" />
      </button>
    </form>
  );
}
