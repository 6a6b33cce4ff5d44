import { backupTexts, failureText, healthText, interruptedText, statusFacts } from "@xmtp-backup/example-messenger/words";
import { useBackups, useBackupStatus } from "@xmtp-backup/react";
import { Icon } from "./Icon.tsx";

/** Whether the messages are protected, when the next backup comes, and what was interrupted. */
export function Health() {
  const backups = useBackups();
  const status = useBackupStatus();
  const { level, title, text } = healthText(status);
  const failure = failureText(status);
  const interrupted = interruptedText(status);
  return (
    <section className="card health" data-level={level} aria-labelledby="health-title">
      <span className="health-icon">
        <Icon name={level === "ok" ? "shield" : "alert"} />
      </span>
      <div className="health-text">
        <h2 id="health-title">{title}</h2>
        <p>{text}</p>
        {failure && <p className="note note-bad">{failure}</p>}
        {interrupted && <p className="note">{interrupted}</p>}
      </div>
      {level === "failing" && (
        <button type="button" className="button" onClick={() => backups.retry()}>
          {backupTexts.retry}
        </button>
      )}
      <dl className="facts">
        {statusFacts(status, Date.now()).map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
