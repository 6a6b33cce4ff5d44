import { restoreTexts, secretTexts, typedKinds } from "@xmtp-backup/example-messenger/words";
import { useState } from "react";
import { ErrorNote } from "./ErrorNote.tsx";
import { SecretForm } from "./SecretForm.tsx";
import { useSignedIn } from "./session.ts";
import { useWaysIn } from "./useWaysIn.ts";

const texts = { submit: restoreTexts.unlock, busy: restoreTexts.unlocking };

/** Opens what is locked here, by a way in that the person chooses where there are several. */
export function UnlockForm({ onUnlocked }: { onUnlocked(): void }) {
  const { recovery } = useSignedIn().session;
  const { ways, error } = useWaysIn();
  const [chosen, choose] = useState<keyof typeof secretTexts>();
  if (error !== undefined) return <ErrorNote error={error} />;
  if (!ways) return null;
  const kinds = typedKinds(ways);
  const kind = chosen ?? kinds[0];

  return (
    <div className="unlock">
      <h4>{restoreTexts.locked}</h4>
      {kinds.length > 1 && (
        <fieldset className="secret-choice">
          <legend>{restoreTexts.openWith}</legend>
          {kinds.map((each) => (
            <label key={each} className="tick">
              <input type="radio" name="secret" checked={each === kind} onChange={() => choose(each)} />
              {secretTexts[each].choice}
            </label>
          ))}
        </fieldset>
      )}
      <SecretForm key={kind} kind={kind} texts={texts} onEnter={recovery.enter} onEntered={onUnlocked} />
    </div>
  );
}
