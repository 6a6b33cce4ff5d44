import { wayInText, wayInWarnings, waysInTexts } from "@xmtp-backup/example-messenger/words";
import type { KeyRingState } from "@xmtp-backup/keys";
import { ErrorNote } from "./ErrorNote.tsx";

/** The ways in which the backups can be opened, and what should be seen to. */
export function WaysIn({ ways, error }: { ways: KeyRingState | undefined; error: unknown }) {
  return (
    <section className="card" aria-labelledby="ways-title">
      <h2 id="ways-title">{waysInTexts.title}</h2>
      <p>{waysInTexts.body}</p>
      {error !== undefined && <ErrorNote error={error} />}
      {!ways && error === undefined && <p>{waysInTexts.loading}</p>}
      {ways?.slots.length === 0 && <p>{waysInTexts.none}</p>}
      {ways && ways.slots.length > 0 && (
        <ul className="ways" aria-label={waysInTexts.list}>
          {ways.slots.map((slot) => (
            <li key={slot.id}>
              <strong>{wayInText(slot, Date.now()).title}</strong>
              <span>{wayInText(slot, Date.now()).facts}</span>
            </li>
          ))}
        </ul>
      )}
      {ways && wayInWarnings(ways).map(({ kind, text, wayOut }) => <p key={kind} className="note"><strong>{text}</strong> {wayOut}</p>)}
    </section>
  );
}
