import { formOf, keepOf, type PolicyForm, policyOf, savedText, settingsTexts } from "@xmtp-backup/example-messenger/words";
import { useBackupStatus } from "@xmtp-backup/react";
import { type FormEvent, useState } from "react";
import { ErrorNote } from "./ErrorNote.tsx";
import { KeepFields } from "./KeepFields.tsx";
import { RetentionPreview } from "./RetentionPreview.tsx";
import { ScheduleFields } from "./ScheduleFields.tsx";
import { useSignedIn } from "./session.ts";
import { useAction } from "./useAction.ts";
import { useObservable } from "./useObservable.ts";

/** When backups are made and which are kept; nothing holds before it is saved. */
export function PolicySettings() {
  const { session } = useSignedIn();
  const policy = useObservable(session.settings.policy$, undefined);
  const status = useBackupStatus();
  const [draft, setDraft] = useState<PolicyForm>();
  const [isSaved, setSaved] = useState(false);
  const { run, error } = useAction();
  if (!policy) return null;
  const form = draft ?? formOf(policy);

  const change = (changes: Partial<PolicyForm>) => {
    setDraft({ ...form, ...changes });
    setSaved(false);
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (!(await run(async () => session.settings.setPolicy(policyOf(form, policy))))) return;
    setDraft(undefined);
    setSaved(true);
  };

  return (
    <form className="card" onSubmit={(event) => void save(event)}>
      <ScheduleFields form={form} onChange={change} />
      <KeepFields form={form} onChange={change} />
      <RetentionPreview keep={keepOf(form)} />
      {error !== undefined && <ErrorNote error={error} />}
      <div className="actions">
        <p className="outcome" role="status">
          {isSaved ? savedText(status, Date.now()) : draft && settingsTexts.unsaved}
        </p>
        <button type="submit" className="button button-main">
          {settingsTexts.save}
        </button>
      </div>
    </form>
  );
}
