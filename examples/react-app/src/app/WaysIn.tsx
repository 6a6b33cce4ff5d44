import { isEntryDue, isPutBackDue, openTexts, wayInWarnings, waysInTexts } from "@xmtp-backup/example-messenger/words";
import type { KeyRingState } from "@xmtp-backup/keys";
import { ErrorNote } from "./ErrorNote.tsx";
import { PutBack } from "./PutBack.tsx";
import { UnlockForm } from "./UnlockForm.tsx";
import { WayIn } from "./WayIn.tsx";

type WaysInProps = { ways: KeyRingState | undefined; error: unknown; onChanged(): void };

/** The ways in which the backups can be opened, and what should be seen to. */
export function WaysIn({ ways, error, onChanged }: WaysInProps) {
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
            <WayIn key={slot.id} slot={slot} isOnly={ways.slots.length === 1} onChanged={onChanged} />
          ))}
        </ul>
      )}
      {ways &&
        wayInWarnings(ways).map(({ kind, isUrgent, text, wayOut }) => (
          <p key={kind} className={isUrgent ? "note note-bad" : "note"}>
            <strong>{text}</strong> {wayOut}
          </p>
        ))}
      {ways && isPutBackDue(ways) && <PutBack onDone={onChanged} />}
      {ways && isEntryDue(ways) && (
        <>
          <h3>{openTexts.title}</h3>
          <UnlockForm ways={ways} onUnlocked={onChanged} />
        </>
      )}
    </section>
  );
}
