import { renameTexts } from "@xmtp-backup/example-messenger/words";
import { type FormEvent, useState } from "react";
import { Dialog } from "./Dialog.tsx";
import { ErrorNote } from "./ErrorNote.tsx";
import { useAction } from "./useAction.ts";

type RenameDialogProps = { name: string; onRename(name: string): Promise<void>; onClose(): void };

export function RenameDialog({ name: current, onRename, onClose }: RenameDialogProps) {
  const [name, setName] = useState(current);
  const { run, isBusy, error } = useAction();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (await run(() => onRename(name.trim()))) onClose();
  };
  return (
    <Dialog title={renameTexts.title} onClose={onClose} isClosable={!isBusy} className="dialog-small">
      <form onSubmit={(event) => void save(event)}>
        <label className="field">
          <span>{renameTexts.label}</span>
          <input
            value={name}
            maxLength={200}
            autoComplete="off"
            aria-describedby="rename-hint"
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <p className="hint" id="rename-hint">
          {renameTexts.hint}
        </p>
        {error !== undefined && <ErrorNote error={error} />}
        <div className="actions">
          <button type="button" className="button" onClick={onClose}>
            {renameTexts.cancel}
          </button>
          <button type="submit" className="button button-main" disabled={isBusy}>
            {renameTexts.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
