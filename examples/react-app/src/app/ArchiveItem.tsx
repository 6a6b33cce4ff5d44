import type { ArchiveEntry, RetentionDecision } from "@xmtp-backup/core";
import { archiveFacts, archiveTexts, archiveTitle, removeQuestion, retentionText, sealText } from "@xmtp-backup/example-messenger/words";
import { useBackups } from "@xmtp-backup/react";
import { useState } from "react";
import { ConfirmDialog } from "./ConfirmDialog.tsx";
import { ErrorNote } from "./ErrorNote.tsx";
import { IconButton } from "./IconButton.tsx";
import { RenameDialog } from "./RenameDialog.tsx";
import { useAction } from "./useAction.ts";

type ArchiveItemProps = {
  archive: ArchiveEntry;
  decision: RetentionDecision | undefined;
  onChanged(): void;
  onRestore(archiveId: string): void;
};

/** One archive: what it is called, what it holds, why it stays, and what can be done with it. */
export function ArchiveItem({ archive, decision, onChanged, onRestore }: ArchiveItemProps) {
  const backups = useBackups();
  const { run, error } = useAction();
  const [asking, setAsking] = useState<"name" | "remove">();
  const { id, details } = archive;
  const title = archiveTitle(archive, Date.now());
  const seal = sealText(archive);
  const isPinned = details?.pinned ?? false;

  const pin = async () => {
    if (await run(() => (isPinned ? backups.unpin(id) : backups.pin(id)))) onChanged();
  };
  const rename = async (name: string) => {
    await backups.rename(id, name || undefined);
    onChanged();
  };
  const remove = async () => {
    await backups.remove(id);
    onChanged();
  };

  return (
    <li className="archive">
      <h3 className="archive-title">{title}</h3>
      <p className="archive-facts">
        {archiveFacts(archive, Date.now()).map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </p>
      <p className="archive-why" data-action={decision?.action}>
        {seal ?? (decision && retentionText(decision))}
      </p>
      <div className="archive-actions">
        {details && (
          <IconButton
            icon="pin"
            label={isPinned ? archiveTexts.unpin : archiveTexts.pin}
            about={title}
            isPressed={isPinned}
            onClick={() => void pin()}
          />
        )}
        {details && <IconButton icon="pencil" label={archiveTexts.rename} about={title} onClick={() => setAsking("name")} />}
        <IconButton icon="restore" label={archiveTexts.restore} about={title} onClick={() => onRestore(id)} />
        <IconButton icon="trash" label={archiveTexts.remove} about={title} onClick={() => setAsking("remove")} />
      </div>
      {error !== undefined && <ErrorNote error={error} />}
      {asking === "name" && <RenameDialog name={details?.name ?? ""} onRename={rename} onClose={() => setAsking(undefined)} />}
      {asking === "remove" && (
        <ConfirmDialog question={removeQuestion(title)} isDangerous onConfirm={remove} onClose={() => setAsking(undefined)} />
      )}
    </li>
  );
}
