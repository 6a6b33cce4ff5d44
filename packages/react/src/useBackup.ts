import type { BackupOptions, BackupState, BackupTask } from "@xmtp-backup/core";
import { useCallback } from "react";
import { useTask } from "./useTask.ts";

export type UseBackup = {
  /** The backup that runs, whoever began it, or else the last that this component saw. */
  task: BackupTask | undefined;
  /** Its state. */
  state: BackupState | undefined;
  /** Begins a backup, which goes on when the component is gone. A text is the name of its archive. */
  backup(options?: BackupOptions | string): BackupTask;
  /** Asks the backup to stop; resolves when it has ended. */
  cancel(): Promise<void>;
};

/**
 * Makes a backup and shows how far it is; one that the policy or another component began is shown too.
 *
 * @example
 * ```tsx
 * import { useBackup } from "@xmtp-backup/react";
 *
 * function BackUpNow() {
 *   const { state, backup, cancel } = useBackup();
 *   if (state?.status === "running") return <button onClick={cancel}>{state.stage} … cancel</button>;
 *   return <button onClick={() => void backup()}>Back up now</button>;
 * }
 * ```
 */
export function useBackup(): UseBackup {
  const { backups, task, state, show, cancel } = useTask<BackupTask>("backup");
  const backup = useCallback((options?: BackupOptions | string) => show(backups.backup(options)), [backups, show]);
  return { task, state, backup, cancel };
}
