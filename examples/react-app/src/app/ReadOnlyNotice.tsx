import { describeRestoredConversation, describeRecreating, type TrackedConversation } from "@xmtp-backup/core";
import { canFollowAgain, chatTexts } from "@xmtp-backup/example-messenger/words";
import { useActivation, useBackups } from "@xmtp-backup/react";
import { useState } from "react";
import { ConfirmDialog } from "./ConfirmDialog.tsx";
import { Icon } from "./Icon.tsx";

type ReadOnlyNoticeProps = { state: TrackedConversation; title: string };

/** Why a restored conversation can't be written yet, and what the user can do about it. */
export function ReadOnlyNotice({ state, title }: ReadOnlyNoticeProps) {
  const backups = useBackups();
  const { recreatable } = useActivation();
  const [isAsking, setAsking] = useState(false);
  const isRecreatable = recreatable.includes(state.id);
  const { title: heading, text, action } = describeRestoredConversation(state, { nowMs: Date.now(), name: title, isRecreatable });
  const trackAgain = () => {
    backups.trackAgain([state.id]);
    document.getElementById("conversation-title")?.focus();
  };
  return (
    <div className="readonly" id="readonly">
      <Icon name="lock" />
      <p>
        <strong>{heading}.</strong> {text} {action}
      </p>
      {isRecreatable && (
        <button type="button" className="button button-small" onClick={() => setAsking(true)}>
          {chatTexts.startAgain}
        </button>
      )}
      {canFollowAgain(state) && (
        <button type="button" className="button button-small" onClick={trackAgain}>
          {chatTexts.trackAgain}
        </button>
      )}
      {isAsking && (
        <ConfirmDialog
          question={describeRecreating(1, { name: title })}
          onConfirm={async () => backups.recreateDms([state.id])}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
