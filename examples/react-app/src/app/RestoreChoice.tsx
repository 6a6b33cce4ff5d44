import type { ArchiveEntry } from "@xmtp-backup/core";
import { archiveFacts, archiveTexts, archiveTitle, canRestore, restoreTexts, sealText } from "@xmtp-backup/example-messenger/words";
import { useArchives } from "@xmtp-backup/react";
import { useEffect, useRef, useState } from "react";
import { ErrorNote } from "./ErrorNote.tsx";
import { StepHeading } from "./StepHeading.tsx";
import { UnlockForm } from "./UnlockForm.tsx";
import { useWaysIn } from "./useWaysIn.ts";

type RestoreChoiceProps = {
  archiveId: string | undefined;
  /** Why the last try failed. */
  error: Error | undefined;
  isCancelled: boolean;
  onRestore(archive: ArchiveEntry): void;
  onClose(): void;
};

/** The archives to choose from; one that is locked asks for its phrase. */
export function RestoreChoice({ archiveId, error, isCancelled, onRestore, onClose }: RestoreChoiceProps) {
  const { archives, error: listError, reload } = useArchives();
  const { ways, error: waysError } = useWaysIn();
  const [chosenId, choose] = useState(archiveId);
  const [isUnlocked, setUnlocked] = useState(false);
  const next = useRef<HTMLButtonElement>(null);
  const chosen = archives?.find(({ id }) => id === chosenId) ?? archives?.[0];
  const isOpen = chosen !== undefined && canRestore(chosen);
  const isLocked = chosen?.seal === "otherKey";
  const problem = error ?? listError ?? (isLocked ? waysError : undefined);

  useEffect(() => {
    // The form that had the focus is gone once its archive is open.
    if (isUnlocked && isOpen) next.current?.focus();
  }, [isUnlocked, isOpen]);

  const unlocked = () => {
    setUnlocked(true);
    reload();
  };

  return (
    <>
      <StepHeading text={restoreTexts.find} />
      <p>{restoreTexts.findBody}</p>
      {isCancelled && (
        <p className="note" role="status">
          {restoreTexts.cancelled}
        </p>
      )}
      {problem !== undefined && <ErrorNote error={problem} />}
      {!archives && !listError && <p>{archiveTexts.loading}</p>}
      {archives?.length === 0 && <p>{restoreTexts.none}</p>}
      <fieldset className="choices" aria-label={restoreTexts.find}>
        {archives?.map((archive) => (
          <label key={archive.id} className="choice">
            <input type="radio" name="archive" checked={archive === chosen} onChange={() => choose(archive.id)} />
            <span className="choice-title">{archiveTitle(archive, Date.now())}</span>
            <span className="choice-facts">{[...archiveFacts(archive, Date.now()), sealText(archive)].filter(Boolean).join(" · ")}</span>
          </label>
        ))}
      </fieldset>
      {isLocked && <h4>{restoreTexts.locked}</h4>}
      {isLocked && ways && <UnlockForm ways={ways} onUnlocked={unlocked} />}
      <p className="outcome" data-tone="good" role="status">
        {isUnlocked && isOpen && restoreTexts.unlocked}
      </p>
      <div className="actions">
        <button type="button" className="button" onClick={onClose}>
          {restoreTexts.later}
        </button>
        <button ref={next} type="button" className="button button-main" disabled={!isOpen} onClick={() => chosen && onRestore(chosen)}>
          {restoreTexts.next}
        </button>
      </div>
    </>
  );
}
