import { waysInTexts } from "@xmtp-backup/example-messenger/words";
import { ErrorNote } from "./ErrorNote.tsx";
import { useSignedIn } from "./session.ts";
import { useAction } from "./useAction.ts";

/** Puts the newest ways in back from this device. */
export function PutBack({ onDone }: { onDone(): void }) {
  const { recovery } = useSignedIn().session;
  const { run, isBusy, error } = useAction();
  const putBack = async () => {
    if (await run(() => recovery.putBack())) onDone();
  };
  return (
    <>
      <button type="button" className="button" disabled={isBusy} onClick={() => void putBack()}>
        {waysInTexts.putBack}
      </button>
      {error !== undefined && <ErrorNote error={error} />}
    </>
  );
}
