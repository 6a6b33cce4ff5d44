import type { BackupStatus } from "@xmtp-backup/core";
import type { ShallowRef } from "vue";
import { useBackups } from "./backupsPlugin.ts";
import { useCurrent } from "./current.ts";

/**
 * Where the backups stand, kept current.
 *
 * @example
 * ```ts
 * import { useBackupStatus } from "@xmtp-backup/vue";
 * import { defineComponent, h } from "vue";
 *
 * export const Health = defineComponent(() => {
 *   const status = useBackupStatus();
 *   return () => h("p", status.value.health?.reason);
 * });
 * ```
 */
export function useBackupStatus(): Readonly<ShallowRef<BackupStatus>> {
  const { status$ } = useBackups();
  return useCurrent<BackupStatus>(() => status$, {});
}
