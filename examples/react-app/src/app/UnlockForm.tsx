import { openTexts, secretTexts, typedKinds } from "@xmtp-backup/example-messenger/words";
import type { KeyRingState } from "@xmtp-backup/keys";
import { useState } from "react";
import { SecretForm } from "./SecretForm.tsx";
import { useSignedIn } from "./session.ts";

/** Opens what is locked here, by a way in that the person chooses where there are several. */
export function UnlockForm({ ways, onUnlocked }: { ways: KeyRingState; onUnlocked(): void }) {
  const { recovery } = useSignedIn().session;
  const [chosen, choose] = useState<keyof typeof secretTexts>();
  const kinds = typedKinds(ways);
  const kind = chosen ?? kinds[0];

  return (
    <div className="unlock">
      {kinds.length > 1 && (
        <fieldset className="secret-choice">
          <legend>{openTexts.choice}</legend>
          {kinds.map((each) => (
            <label key={each} className="tick">
              <input type="radio" name="secret" checked={each === kind} onChange={() => choose(each)} />
              {secretTexts[each].choice}
            </label>
          ))}
        </fieldset>
      )}
      <SecretForm key={kind} kind={kind} texts={openTexts} onEnter={recovery.enter} onEntered={onUnlocked} />
    </div>
  );
}
