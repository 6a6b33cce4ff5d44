import { backupOutcome, backupProgress, backupTexts } from "@xmtp-backup/example-messenger/words";
import { useBackup, useBackupStatus } from "@xmtp-backup/react";
import { type FormEvent, useRef, useState } from "react";
import { TaskProgress } from "./TaskProgress.tsx";

/** Makes a backup, shows how far it is, and how it ended; the place for that is always there, so that nothing moves. */
export function BackUpNow() {
  const { state, backup, cancel } = useBackup();
  const { running } = useBackupStatus();
  const [name, setName] = useState("");
  const button = useRef<HTMLButtonElement>(null);
  const outcome = backupOutcome(state);
  const progress = state?.status === "running" ? backupProgress(state.stage, state.progress) : undefined;

  const start = (event: FormEvent) => {
    event.preventDefault();
    if (running) return;
    void backup(name.trim() ? { name: name.trim() } : {});
    setName("");
  };
  const stop = () => {
    button.current?.focus();
    void cancel();
  };

  return (
    <section className="card" aria-labelledby="backup-title">
      <h2 id="backup-title">{backupTexts.now}</h2>
      <form className="backup-form" onSubmit={start}>
        <label className="field">
          <span>{backupTexts.name}</span>
          <input
            value={name}
            maxLength={200}
            autoComplete="off"
            aria-describedby="backup-hint"
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <button type="submit" ref={button} className="button button-main" aria-disabled={running !== undefined}>
          {backupTexts.now}
        </button>
        <p className="hint" id="backup-hint">
          {backupTexts.nameHint}
        </p>
      </form>
      <div className="task-slot">
        <p className="spoken" role="status">
          {progress?.label ?? outcome?.text}
        </p>
        {progress && state?.status === "running" ? (
          <TaskProgress {...progress}>
            <button type="button" className="button" onClick={stop} disabled={!state.cancellable}>
              {backupTexts.cancel}
            </button>
          </TaskProgress>
        ) : (
          <p className="outcome" data-tone={outcome?.tone}>
            {outcome?.text ?? backupTexts.ready}
          </p>
        )}
      </div>
    </section>
  );
}
