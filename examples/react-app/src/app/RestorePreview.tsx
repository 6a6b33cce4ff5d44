import type { ArchivePreview } from "@xmtp-backup/core";
import { notRestoredBefore, previewConversation, previewFacts, restoreTexts } from "@xmtp-backup/example-messenger/words";
import { NotRestored } from "./NotRestored.tsx";
import { StepHeading } from "./StepHeading.tsx";

type RestorePreviewProps = { preview: ArchivePreview; onConfirm(): void; onCancel(): void };

/** What a verified archive holds, before anything is imported. */
export function RestorePreview({ preview, onConfirm, onCancel }: RestorePreviewProps) {
  return (
    <>
      <StepHeading text={restoreTexts.checked} />
      <p>{restoreTexts.checkedBody}</p>
      <dl className="facts">
        {previewFacts(preview).map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <ul className="contents" aria-label={restoreTexts.contents} tabIndex={0}>
        {preview.conversations.map((conversation) => {
          const { title, amount } = previewConversation(conversation);
          return (
            <li key={conversation.id}>
              <strong>{title}</strong> <span>{amount}</span>
            </li>
          );
        })}
      </ul>
      <NotRestored text={notRestoredBefore(preview)} />
      <div className="actions">
        <button type="button" className="button" onClick={onCancel}>
          {restoreTexts.cancel}
        </button>
        <button type="button" className="button button-main" onClick={onConfirm}>
          {restoreTexts.confirm}
        </button>
      </div>
    </>
  );
}
