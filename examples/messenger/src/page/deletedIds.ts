import type { Backups } from "@xmtp-backup/core";
import { concatMap, distinctUntilChanged, filter, map, merge, type Observable, shareReplay } from "rxjs";

/**
 * The messages that an archive brought and that were deleted for everyone (docs/sdk-facts.md#deletions-work-on-arrival).
 *
 * Only an import changes which they are, and one that was cancelled may have brought some.
 */
export function deletedIds$(backups: Backups): Observable<ReadonlySet<string>> {
  const restored$ = backups.status$.pipe(
    map(({ running }) => running === "restore"),
    distinctUntilChanged(),
    filter((isRestoring) => !isRestoring),
  );
  let known: ReadonlySet<string> = new Set();
  return merge(restored$, backups.imported$).pipe(
    concatMap(async () => {
      // Where the client can't say it now, what was hidden stays hidden.
      const messages = await backups.deletedMessages().catch(() => undefined);
      return (known = messages ? new Set(messages.map(({ id }) => id)) : known);
    }),
    shareReplay({ bufferSize: 1, refCount: true }),
  );
}
