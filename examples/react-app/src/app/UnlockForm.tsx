import { restoreTexts } from "@xmtp-backup/example-messenger/words";
import { type FormEvent, useRef, useState } from "react";
import { ErrorNote } from "./ErrorNote.tsx";
import { useSignedIn } from "./session.ts";
import { useAction } from "./useAction.ts";

/** Takes the recovery phrase; a wrong one is refused with what to do, and the words stay to be corrected. */
export function UnlockForm({ onUnlocked }: { onUnlocked(): void }) {
  const { session } = useSignedIn();
  const { run, isBusy, error } = useAction();
  const [phrase, setPhrase] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);

  const unlock = async (event: FormEvent) => {
    event.preventDefault();
    if (await run(() => session.recovery.enter(phrase))) onUnlocked();
    else field.current?.focus();
  };

  return (
    <form className="unlock" onSubmit={(event) => void unlock(event)}>
      <h4>{restoreTexts.phrase}</h4>
      <p id="phrase-hint">{restoreTexts.phraseBody}</p>
      <label className="field">
        <span>{restoreTexts.phraseLabel}</span>
        <textarea
          ref={field}
          rows={3}
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          aria-describedby={error === undefined ? "phrase-hint" : "phrase-error"}
          aria-invalid={error !== undefined}
          value={phrase}
          onChange={(event) => setPhrase(event.target.value)}
        />
      </label>
      {error !== undefined && <ErrorNote error={error} id="phrase-error" />}
      <button type="submit" className="button" aria-disabled={isBusy}>{isBusy ? restoreTexts.unlocking : restoreTexts.unlock}</button>
    </form>
  );
}
