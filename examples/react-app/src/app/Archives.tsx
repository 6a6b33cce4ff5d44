import { archiveTexts } from "@xmtp-backup/example-messenger/words";
import { useArchives } from "@xmtp-backup/react";
import { useEffect, useRef } from "react";
import { ArchiveItem } from "./ArchiveItem.tsx";
import { ErrorNote } from "./ErrorNote.tsx";
import { Icon } from "./Icon.tsx";
import { useSignedIn } from "./session.ts";
import { useObservable } from "./useObservable.ts";
import { useRetention } from "./useRetention.ts";

/** The archives of the store, newest first, and what can be done with each. */
export function Archives({ onRestore }: { onRestore(archiveId: string): void }) {
  const { session } = useSignedIn();
  const { archives, error, reload } = useArchives();
  const policy = useObservable(session.settings.policy$, undefined);
  const plan = useRetention(policy?.keep ?? { last: 5 }, archives);
  const heading = useRef<HTMLHeadingElement>(null);

  const count = archives?.length ?? 0;
  const counted = useRef(count);
  useEffect(() => {
    // The button that deleted an archive is gone with it.
    if (count < counted.current && document.activeElement === document.body) heading.current?.focus();
    counted.current = count;
  }, [count]);

  return (
    <section className="card" aria-labelledby="archives-title">
      <h2 id="archives-title" ref={heading} tabIndex={-1}>
        {archiveTexts.title}
      </h2>
      {error && (
        <>
          <ErrorNote error={error} />
          <button type="button" className="button" onClick={reload}>
            {archiveTexts.retry}
          </button>
        </>
      )}
      {!archives && !error && <p>{archiveTexts.loading}</p>}
      {archives?.length === 0 && (
        <div className="empty">
          <Icon name="shield" />
          <h3>{archiveTexts.empty}</h3>
          <p>{archiveTexts.emptyBody}</p>
        </div>
      )}
      <ul className="archives">
        {archives?.map((archive) => (
          <ArchiveItem key={archive.id} archive={archive} decision={plan.get(archive.id)} onChanged={reload} onRestore={onRestore} />
        ))}
      </ul>
    </section>
  );
}
