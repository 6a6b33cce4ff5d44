import { describeReminder } from "@xmtp-backup/core";
import { hashOf, reminderActions, reminderTexts, tomorrowMs } from "@xmtp-backup/example-messenger/words";
import { useBackups, useReminders } from "@xmtp-backup/react";
import { Icon } from "./Icon.tsx";

/** What is suggested to the user now, with a way to do it, to put it off, and to have it go away. */
export function Reminders() {
  const backups = useBackups();
  const reminders = useReminders();
  if (reminders.length === 0) return null;

  const putAside = (how: () => void) => {
    how();
    document.querySelector("h1")?.focus();
  };

  return (
    <aside className="reminders" aria-label={reminderTexts.label}>
      {reminders.map((reminder) => (
        <div key={reminder.id} className="reminder">
          <Icon name="bell" />
          <p>{describeReminder(reminder)}</p>
          <div className="reminder-actions">
            <a
              className="button button-small button-main"
              href={hashOf({ screen: reminder.action === "confirmKey" ? "settings" : "backups" })}
            >
              {reminderActions[reminder.action]}
            </a>
            {reminder.action === "acceptSmaller" && (
              <button
                type="button"
                className="button button-small"
                onClick={() => putAside(() => void backups.acceptSmaller().catch(() => undefined))}
              >
                {reminderTexts.accept}
              </button>
            )}
            <button type="button" className="button button-small" onClick={() => putAside(() => reminder.snooze(tomorrowMs(Date.now())))}>
              {reminderTexts.tomorrow}
            </button>
            <button type="button" className="button button-small" onClick={() => putAside(reminder.dismiss)}>
              {reminderTexts.dismiss}
            </button>
          </div>
        </div>
      ))}
    </aside>
  );
}
