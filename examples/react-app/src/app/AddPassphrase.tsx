import { isBackupError } from "@xmtp-backup/core";
import { passphraseTexts } from "@xmtp-backup/example-messenger/words";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "./ErrorNote.tsx";
import { useSignedIn } from "./session.ts";
import { StrengthMeter } from "./StrengthMeter.tsx";
import { useAction } from "./useAction.ts";

/** A passphrase of one's own as a way in; a weak one is taken only from those who insist. */
export function AddPassphrase({ hasOne, onKept }: { hasOne: boolean; onKept(): void }) {
  const { recovery } = useSignedIn().session;
  const { run, isBusy, error } = useAction();
  const [text, setText] = useState("");
  const [insist, setInsist] = useState(false);
  const [isAdded, setAdded] = useState(false);
  const isRefused = insist || (isBackupError(error) && error.code === "PASSPHRASE_WEAK");

  const type = (typed: string) => {
    setText(typed);
    setInsist(false);
    setAdded(false);
  };
  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy || !(await run(() => recovery.keepPassphrase(text, insist)))) return;
    type("");
    setAdded(true);
    onKept();
  };

  return (
    <section className="card" aria-labelledby="passphrase-title">
      <h2 id="passphrase-title">{passphraseTexts.title}</h2>
      <p>
        {passphraseTexts.body} {hasOne && passphraseTexts.replaceBody}
      </p>
      <form className="secret" onSubmit={(event) => void add(event)}>
        <label className="field">
          <span>{passphraseTexts.label}</span>
          <input
            value={text}
            required
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-describedby="passphrase-hint"
            onChange={(event) => type(event.target.value)}
          />
        </label>
        <StrengthMeter text={text} />
        <p className="hint" id="passphrase-hint">
          {passphraseTexts.hint}
        </p>
        {error !== undefined && <ErrorNote error={error} />}
        {isRefused && (
          <label className="tick">
            <input type="checkbox" checked={insist} onChange={(event) => setInsist(event.target.checked)} />
            {passphraseTexts.insist}
          </label>
        )}
        <div className="actions">
          <p className="outcome" role="status">
            {isAdded && passphraseTexts.added}
          </p>
          <button type="submit" className="button" aria-disabled={isBusy}>
            {isBusy ? passphraseTexts.busy : hasOne ? passphraseTexts.replace : passphraseTexts.add}
          </button>
        </div>
      </form>
    </section>
  );
}
