import type { ArchiveEntry, Backups } from "@xmtp-backup/core";
import { useCallback, useEffect, useState } from "react";
import { useBackups } from "./backupsProvider.ts";
import { useBackupStatus } from "./useBackupStatus.ts";

type Listing = {
  /** Newest first; undefined until they were read. Those of before while they are read again. */
  archives: readonly ArchiveEntry[] | undefined;
  isLoading: boolean;
  /** Why they could not be read the last time. */
  error: Error | undefined;
};

export type UseArchives = Listing & {
  /** Reads them again, as after a rename; after a backup it happens automatically. */
  reload(): void;
};

const loading: Listing = { archives: undefined, isLoading: true, error: undefined };

/**
 * The archives of the store, read again after each backup.
 *
 * @example
 * ```tsx
 * import { useArchives } from "@xmtp-backup/react";
 *
 * const Archives = () => <ul>{useArchives().archives?.map(({ id, details }) => <li key={id}>{details?.name}</li>)}</ul>;
 * ```
 */
export function useArchives(): UseArchives {
  const backups = useBackups();
  const { lastSuccess } = useBackupStatus();
  const [round, setRound] = useState(0);
  const [held, hold] = useState<{ of?: Backups; listing: Listing }>({ listing: loading });
  const listing = held.of === backups ? held.listing : loading;

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const show = (change: Partial<Listing>) => {
      if (!signal.aborted) hold(({ of, listing }) => ({ of: backups, listing: { ...(of === backups ? listing : loading), ...change } }));
    };
    show({ isLoading: true });
    backups.list({ signal }).then(
      (archives) => show({ archives, isLoading: false, error: undefined }),
      (error: unknown) => show({ isLoading: false, error: error as Error }),
    );
    return () => controller.abort();
  }, [backups, round, lastSuccess?.archiveId, lastSuccess?.atMs]);

  return { ...listing, reload: useCallback(() => setRound((count) => count + 1), []) };
}
