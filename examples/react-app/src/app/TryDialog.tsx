import type { TypedSecret } from "@xmtp-backup/example-messenger";
import { tryTexts } from "@xmtp-backup/example-messenger/words";
import { useState } from "react";
import { Dialog } from "./Dialog.tsx";
import { SecretForm } from "./SecretForm.tsx";
import { useSignedIn } from "./session.ts";

/** The trial: whether a phrase or passphrase would open the backups on a new device; changes nothing. */
export function TryDialog({ kind, onClose }: { kind: TypedSecret["kind"]; onClose(): void }) {
  const { recovery } = useSignedIn().session;
  const [isRight, setRight] = useState(false);
  return (
    <Dialog title={tryTexts.title} onClose={onClose} className="dialog-small">
      <SecretForm kind={kind} texts={tryTexts} onEnter={recovery.tryOut} onEntered={() => setRight(true)} />
      <p className="outcome" data-tone="good" role="status">
        {isRight && tryTexts.right}
      </p>
      <div className="actions">
        <button type="button" className="button" onClick={onClose}>
          {tryTexts.close}
        </button>
      </div>
    </Dialog>
  );
}
