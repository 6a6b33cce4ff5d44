import { isTyped, removeWayQuestion, wayInText, waysInTexts } from "@xmtp-backup/example-messenger/words";
import type { Slot } from "@xmtp-backup/keys";
import { useState } from "react";
import { ConfirmDialog } from "./ConfirmDialog.tsx";
import { useSignedIn } from "./session.ts";
import { TryDialog } from "./TryDialog.tsx";

/** One way in: what it is, a trial, and its removal. */
export function WayIn({ slot, isOnly, onChanged }: { slot: Slot; isOnly: boolean; onChanged(): void }) {
  const { recovery } = useSignedIn().session;
  const [asking, setAsking] = useState<"try" | "remove">();
  const { id, kind } = slot;
  const { title, facts } = wayInText(slot, Date.now());
  const close = () => setAsking(undefined);
  const remove = async () => {
    await recovery.remove(id);
    onChanged();
  };

  return (
    <li className="way">
      <p className="way-text">
        <strong>{title}</strong> <span>{facts}</span>
      </p>
      <div className="way-actions">
        {isTyped(kind) && (
          <button
            type="button"
            className="button button-small"
            aria-label={`${waysInTexts.tryOut}: ${title}`}
            onClick={() => setAsking("try")}
          >
            {waysInTexts.tryOut}
          </button>
        )}
        <button
          type="button"
          className="button button-small"
          aria-label={`${waysInTexts.remove}: ${title}`}
          onClick={() => setAsking("remove")}
        >
          {waysInTexts.remove}
        </button>
      </div>
      {asking === "try" && isTyped(kind) && <TryDialog kind={kind} onClose={close} />}
      {asking === "remove" && <ConfirmDialog question={removeWayQuestion(title, isOnly)} isDangerous onConfirm={remove} onClose={close} />}
    </li>
  );
}
