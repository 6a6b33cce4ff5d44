import type { TypedSecret } from "@xmtp-backup/example-messenger";
import { secretTexts } from "@xmtp-backup/example-messenger/words";
import { type FormEvent, useId, useRef, useState } from "react";
import { ErrorNote } from "./ErrorNote.tsx";
import { useAction } from "./useAction.ts";

type SecretFormProps = {
  kind: TypedSecret["kind"];
  texts: { submit: string; busy: string };
  onEnter(secret: TypedSecret): Promise<unknown>;
  onEntered(): void;
};

/** Takes a recovery phrase or a passphrase; a wrong one is refused with what to do, and stays to be corrected. */
export function SecretForm({ kind, texts, onEnter, onEntered }: SecretFormProps) {
  const { run, isBusy, error } = useAction();
  const [text, setText] = useState("");
  const field = useRef<HTMLElement>(null);
  const id = useId();
  const { label, hint } = secretTexts[kind];

  const enter = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    if (await run(() => onEnter({ kind, text }))) onEntered();
    else field.current?.focus();
  };
  const shared = {
    ref: (element: HTMLElement | null) => void (field.current = element),
    required: true,
    autoCapitalize: "none",
    spellCheck: false,
    "aria-describedby": error === undefined ? `${id}-hint` : `${id}-error`,
    "aria-invalid": error !== undefined,
    value: text,
    onChange: (event: { target: { value: string } }) => setText(event.target.value),
  };

  return (
    <form className="secret" onSubmit={(event) => void enter(event)}>
      <p id={`${id}-hint`}>{hint}</p>
      <label className="field">
        <span>{label}</span>
        {kind === "passphrase" ? (
          <input type="password" autoComplete="current-password" {...shared} />
        ) : (
          <textarea rows={3} autoComplete="off" {...shared} />
        )}
      </label>
      {error !== undefined && <ErrorNote error={error} id={`${id}-error`} />}
      <button type="submit" className="button" aria-disabled={isBusy}>
        {isBusy ? texts.busy : texts.submit}
      </button>
    </form>
  );
}
