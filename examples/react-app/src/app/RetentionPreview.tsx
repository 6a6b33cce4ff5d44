import type { BackupPolicy } from "@xmtp-backup/core";
import { archiveTitle, retentionText, settingsTexts } from "@xmtp-backup/example-messenger/words";
import { useArchives } from "@xmtp-backup/react";
import { useRetention } from "./useRetention.ts";

/** What the rules of the form, saved or not, do to each archive, and why. */
export function RetentionPreview({ keep }: { keep: BackupPolicy["keep"] }) {
  const { archives } = useArchives();
  const plan = useRetention(keep, archives);
  return (
    <div className="preview">
      <h3>{settingsTexts.preview}</h3>
      {archives?.length === 0 && <p>{settingsTexts.previewEmpty}</p>}
      <ul>
        {archives?.map((archive) => {
          const decision = plan.get(archive.id);
          return (
            decision && (
              <li key={archive.id} data-action={decision.action}>
                <strong>{archiveTitle(archive, Date.now())}</strong> <span>{retentionText(decision)}</span>
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}
