import type { ArchiveOutline } from "@xmtp-backup/core";
import { newKeyProgress, newKeyText, newKeyTexts } from "@xmtp-backup/example-messenger/words";
import { useState } from "react";
import { ErrorNote } from "./ErrorNote.tsx";
import { useSignedIn } from "./session.ts";
import { TaskProgress } from "./TaskProgress.tsx";
import { useAction } from "./useAction.ts";

/** A new key for all backups from now on; the older ones are encrypted with it when the user wants that. */
export function NewKey() {
  const { recovery } = useSignedIn().session;
  const { run, isBusy, error } = useAction();
  const [before, setBefore] = useState<readonly ArchiveOutline[]>();
  const [left, setLeft] = useState<readonly ArchiveOutline[]>([]);
  const total = before?.length ?? 0;

  const make = () =>
    run(async () => {
      const { olderArchives } = await recovery.changeKey();
      setBefore(olderArchives);
      setLeft(olderArchives);
    });
  const encrypt = () => run(() => recovery.encryptAgain(left, (done) => setLeft((archives) => archives.filter((each) => each !== done))));

  return (
    <section className="card" aria-labelledby="new-key-title">
      <h2 id="new-key-title">{newKeyTexts.title}</h2>
      <p>{newKeyTexts.body}</p>
      {isBusy && left.length > 0 && <TaskProgress {...newKeyProgress(total, left.length)} />}
      {error !== undefined && <ErrorNote error={error} />}
      <div className="actions">
        <p className="outcome" role="status">
          {before && newKeyText(total, left.length)}
        </p>
        {left.length > 0 ? (
          <button type="button" className="button button-main" aria-disabled={isBusy} onClick={() => !isBusy && void encrypt()}>
            {isBusy ? newKeyTexts.encrypting : newKeyTexts.again}
          </button>
        ) : (
          <button type="button" className="button" aria-disabled={isBusy} onClick={() => !isBusy && void make()}>
            {isBusy ? newKeyTexts.making : newKeyTexts.make}
          </button>
        )}
      </div>
    </section>
  );
}
