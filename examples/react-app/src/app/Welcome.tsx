import type { Messenger, Session } from "@xmtp-backup/example-messenger";
import { appName, startOverQuestion, welcomeTexts } from "@xmtp-backup/example-messenger/words";
import { useState } from "react";
import { ConfirmDialog } from "./ConfirmDialog.tsx";
import { Icon } from "./Icon.tsx";

type WelcomeProps = { messenger: Messenger; state: Exclude<Session, { status: "open" | "elsewhere" }> };

/** The way in: for the first time, or with another device. */
export function Welcome({ messenger, state }: WelcomeProps) {
  const [isAsking, setAsking] = useState(false);
  const isReturning = state.status === "signedOut" && state.returning;
  const { title, body, action } = welcomeTexts[isReturning ? "returning" : "new"];
  const isOpening = state.status === "opening";
  return (
    <main className="welcome">
      <div className="welcome-card">
        <p className="brand">
          <Icon name="anchor" /> {appName}
        </p>
        <h1>{title}</h1>
        <p>{body}</p>
        {state.status === "failed" && (
          <p className="note note-bad" role="alert">
            <strong>{welcomeTexts.failed}</strong> {state.message}
          </p>
        )}
        <button type="button" className="button button-main button-wide" aria-disabled={isOpening} onClick={() => void messenger.signIn()}>
          {isOpening ? welcomeTexts.opening : state.status === "failed" ? welcomeTexts.retry : action}
        </button>
        {isReturning && (
          <button type="button" className="button button-quiet button-wide" onClick={() => setAsking(true)}>
            {welcomeTexts.startOver}
          </button>
        )}
        {isAsking && (
          <ConfirmDialog question={startOverQuestion} isDangerous onConfirm={messenger.startOver} onClose={() => setAsking(false)} />
        )}
      </div>
    </main>
  );
}
