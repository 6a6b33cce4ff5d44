import { keepFields, maxCount, settingsTexts } from "@xmtp-backup/example-messenger/words";
import type { PolicyFieldsProps } from "./ScheduleFields.tsx";

/** How many archives are kept. */
export function KeepFields({ form, onChange }: PolicyFieldsProps) {
  return (
    <fieldset aria-describedby="keep-body">
      <legend>
        <h2>{settingsTexts.keep}</h2>
      </legend>
      <p id="keep-body">{settingsTexts.keepBody}</p>
      <div className="fields fields-keep">
        {keepFields.map(({ rule, label, hint, min }) => (
          <label key={rule} className="field">
            <span>
              {label} <small>{hint}</small>
            </span>
            <input
              type="number"
              min={min}
              max={maxCount}
              required
              value={form[rule]}
              onChange={(event) => onChange({ [rule]: event.target.valueAsNumber || 0 })}
            />
          </label>
        ))}
      </div>
    </fieldset>
  );
}
