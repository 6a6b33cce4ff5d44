import type { Weekday } from "@xmtp-backup/core";
import { activities, capitalized, frequencies, type PolicyForm, settingsTexts, weekdays } from "@xmtp-backup/example-messenger/words";

export type PolicyFieldsProps = { form: PolicyForm; onChange(changes: Partial<PolicyForm>): void };

/** When backups are made. */
export function ScheduleFields({ form, onChange }: PolicyFieldsProps) {
  const { frequency, at, weekday, afterMessages } = form;
  const isOff = frequency === "never";
  return (
    <fieldset aria-describedby="when-body">
      <legend>
        <h2>{settingsTexts.when}</h2>
      </legend>
      <p id="when-body">{settingsTexts.whenBody}</p>
      <div className="fields">
        <label className="field">
          <span>{settingsTexts.frequency}</span>
          <select value={frequency} onChange={(event) => onChange({ frequency: event.target.value as PolicyForm["frequency"] })}>
            {frequencies.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>{settingsTexts.weekday}</span>
          <select
            value={weekday}
            disabled={frequency !== "weekly"}
            onChange={(event) => onChange({ weekday: event.target.value as Weekday })}
          >
            {weekdays.map((each) => (
              <option key={each} value={each}>
                {capitalized(each)}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>{settingsTexts.at}</span>
          <input type="time" value={at} disabled={isOff} required onChange={(event) => onChange({ at: event.target.value })} />
        </label>
        <label className="field field-wide">
          <span>{settingsTexts.activity}</span>
          <select value={afterMessages} disabled={isOff} onChange={(event) => onChange({ afterMessages: Number(event.target.value) })}>
            {activities.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
      </div>
    </fieldset>
  );
}
