import type { BackupOptions, BackupState, BackupTask } from "@xmtp-backup/core";
import type { ShallowRef } from "vue";
import { useTask } from "./useTask.ts";

export type UseBackup = {
  /** The backup that runs, whoever began it, or else the last that this component saw. */
  task: Readonly<ShallowRef<BackupTask | undefined>>;
  /** Its state. */
  state: Readonly<ShallowRef<BackupState | undefined>>;
  /** Begins a backup, which goes on when the component is gone. A text is the name of its archive. */
  backup(options?: BackupOptions | string): BackupTask;
  /** Asks the backup to stop; resolves when it has ended. */
  cancel(): Promise<void>;
};

/**
 * Makes a backup and shows how far it is; one that the policy or another component began is shown too.
 *
 * @example
 * ```ts
 * import { useBackup } from "@xmtp-backup/vue";
 * import { defineComponent, h } from "vue";
 *
 * export const BackUpNow = defineComponent(() => {
 *   const { state, backup } = useBackup();
 *   return () => h("button", { onClick: () => void backup() }, state.value?.status ?? "Back up now");
 * });
 * ```
 */
export function useBackup(): UseBackup {
  const { backups, task, state, show, cancel } = useTask<BackupTask>("backup");
  return { task, state, backup: (options) => show(backups.backup(options)), cancel };
}
