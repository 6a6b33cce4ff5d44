import { chatTexts } from "@xmtp-backup/example-messenger/words";
import { ErrorNote } from "./ErrorNote.tsx";
import { Icon } from "./Icon.tsx";
import { useSignedIn } from "./session.ts";
import { useAction } from "./useAction.ts";

/** The empty list, and how it fills. */
export function MeetBob() {
  const { session } = useSignedIn();
  const { run, isBusy, error } = useAction();
  return (
    <div className="empty">
      <Icon name="chat" />
      <h2>{chatTexts.empty}</h2>
      <p>{chatTexts.emptyBody}</p>
      {error !== undefined && <ErrorNote error={error} />}
      <button
        type="button"
        className="button button-main"
        aria-disabled={isBusy}
        onClick={() => void (isBusy || run(() => session.chat.meetBob()))}
      >
        {isBusy ? chatTexts.meeting : chatTexts.meetBob}
      </button>
    </div>
  );
}
