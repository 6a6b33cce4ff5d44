import { phraseTexts } from "@xmtp-backup/example-messenger/words";
import { useRef, useState } from "react";
import { ErrorNote } from "./ErrorNote.tsx";
import { PhraseWords } from "./PhraseWords.tsx";
import { useSignedIn } from "./session.ts";
import { useAction } from "./useAction.ts";

/** New words, shown once; they become a way in when they are written down, in place of older ones. */
export function RecoveryPhrase({ hasOne, onKept }: { hasOne: boolean; onKept(): void }) {
  const { session } = useSignedIn();
  const { run, error } = useAction();
  const [phrase, setPhrase] = useState<string>();
  const [message, setMessage] = useState<string>();
  const button = useRef<HTMLButtonElement>(null);

  const show = () => {
    setPhrase(session.recovery.newPhrase());
    setMessage(undefined);
  };
  const confirm = (words: string) =>
    run(async () => {
      await session.recovery.keepPhrase(words);
      onKept();
      setPhrase(undefined);
      setMessage(phraseTexts.confirmed);
      button.current?.focus();
    });

  return (
    <section className="card" aria-labelledby="phrase-title">
      <h2 id="phrase-title">{phraseTexts.title}</h2>
      <p>
        {phraseTexts.body} {hasOne && phraseTexts.replaceBody}
      </p>
      {phrase !== undefined && <PhraseWords phrase={phrase} />}
      {error !== undefined && <ErrorNote error={error} />}
      <p className="outcome" role="status">
        {message}
      </p>
      <div className="actions">
        <button
          ref={button}
          type="button"
          className="button"
          aria-expanded={phrase !== undefined}
          onClick={() => (phrase === undefined ? show() : setPhrase(undefined))}
        >
          {phrase !== undefined ? phraseTexts.hide : hasOne ? phraseTexts.replace : phraseTexts.show}
        </button>
        {phrase !== undefined && (
          <button type="button" className="button button-main" onClick={() => void confirm(phrase)}>
            {phraseTexts.confirm}
          </button>
        )}
      </div>
    </section>
  );
}
