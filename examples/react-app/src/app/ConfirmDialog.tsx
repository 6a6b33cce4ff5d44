import { Dialog } from "./Dialog.tsx";
import { ErrorNote } from "./ErrorNote.tsx";
import { useAction } from "./useAction.ts";

type ConfirmDialogProps = {
  question: { title: string; body: string; confirm: string; cancel: string };
  isDangerous?: boolean;
  onConfirm(): Promise<unknown>;
  onClose(): void;
};

/** Asks before something is done; the harmless answer has the focus. */
export function ConfirmDialog({ question, isDangerous = false, onConfirm, onClose }: ConfirmDialogProps) {
  const { run, isBusy, error } = useAction();
  const confirm = async () => {
    if (await run(onConfirm)) onClose();
  };
  return (
    <Dialog title={question.title} onClose={onClose} isClosable={!isBusy} className="dialog-small">
      <p>{question.body}</p>
      {error !== undefined && <ErrorNote error={error} />}
      <div className="actions">
        <button type="button" className="button" onClick={onClose} disabled={isBusy}>
          {question.cancel}
        </button>
        <button
          type="button"
          className={`button ${isDangerous ? "button-danger" : "button-main"}`}
          onClick={() => void confirm()}
          disabled={isBusy}
        >
          {question.confirm}
        </button>
      </div>
    </Dialog>
  );
}
