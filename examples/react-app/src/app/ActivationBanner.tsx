import { describeActivation } from "@xmtp-backup/core";
import { activationCount, activationTexts } from "@xmtp-backup/example-messenger/words";
import { useActivation } from "@xmtp-backup/react";
import { useState } from "react";
import { Icon } from "./Icon.tsx";

/** How many of the restored conversations can be written again; once all can, until the user has seen it. */
export function ActivationBanner() {
  const state = useActivation();
  const [seenTotal, setSeenTotal] = useState(0);
  const { active } = state;
  const { awaited, isDone } = activationCount(state);
  const { progress, details } = describeActivation(state);
  const putAside = () => {
    setSeenTotal(awaited);
    document.querySelector("h1")?.focus();
  };
  const isShown = awaited > 0 && !(isDone && seenTotal === awaited);
  return (
    <section className="banner" aria-label={activationTexts.label} hidden={!isShown}>
      <Icon name={isDone ? "check" : "clock"} />
      <div>
        <p role="status">
          <strong>{progress}</strong>
        </p>
        {details.map((detail) => (
          <p key={detail}>{detail}</p>
        ))}
      </div>
      <progress aria-label={progress} value={active} max={Math.max(awaited, 1)} />
      {isDone && (
        <button type="button" className="button button-small" onClick={putAside}>
          {activationTexts.dismiss}
        </button>
      )}
    </section>
  );
}
