import type { ArchiveEntry } from "@xmtp-backup/core";
import { type ShallowRef, shallowRef, watch } from "vue";
import { useBackups } from "./backupsPlugin.ts";
import { begin } from "./current.ts";
import { useBackupStatus } from "./useBackupStatus.ts";

export type UseArchives = {
  /** Newest first; undefined until they were read. Those of before while they are read again. */
  archives: Readonly<ShallowRef<readonly ArchiveEntry[] | undefined>>;
  isLoading: Readonly<ShallowRef<boolean>>;
  /** Why they could not be read the last time. */
  error: Readonly<ShallowRef<Error | undefined>>;
  /** Reads them again, as after a rename; after a backup it happens automatically. */
  reload(): void;
};

/**
 * The archives of the store, read again after each backup.
 *
 * @example
 * ```ts
 * import { useArchives } from "@xmtp-backup/vue";
 * import { defineComponent, h } from "vue";
 *
 * export const Archives = defineComponent(() => {
 *   const { archives } = useArchives();
 *   return () => h("ul", archives.value?.map(({ id, details }) => h("li", { key: id }, details?.name)));
 * });
 * ```
 */
export function useArchives(): UseArchives {
  const backups = useBackups();
  const status = useBackupStatus();
  const archives = shallowRef<readonly ArchiveEntry[]>();
  const isLoading = shallowRef(true);
  const error = shallowRef<Error>();
  const round = shallowRef(0);

  function load(onCleanup: (clean: () => void) => void): void {
    const controller = new AbortController();
    const { signal } = controller;
    onCleanup(() => controller.abort());
    const settle = (failure?: unknown) => {
      error.value = failure as Error | undefined;
      isLoading.value = false;
    };
    isLoading.value = true;
    backups.list({ signal }).then(
      (listed) => {
        if (signal.aborted) return;
        archives.value = listed;
        settle();
      },
      (failure: unknown) => signal.aborted || settle(failure),
    );
  }

  begin(() =>
    watch(
      [round, () => status.value.lastSuccess?.archiveId, () => status.value.lastSuccess?.atMs],
      (_now, _before, onCleanup) => load(onCleanup),
      { immediate: true, flush: "sync" },
    ),
  );
  return { archives, isLoading, error, reload: () => void (round.value += 1) };
}
