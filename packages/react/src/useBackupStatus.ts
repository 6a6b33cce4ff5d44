import type { BackupStatus } from "@xmtp-backup/core";
import { useBackups } from "./backupsProvider.ts";
import { useCurrent } from "./current.ts";

const unknown: BackupStatus = {};

/**
 * Where the backups stand, kept current.
 *
 * @example
 * ```tsx
 * import { useBackupStatus } from "@xmtp-backup/react";
 *
 * const Health = () => <p>{useBackupStatus().health?.reason}</p>;
 * ```
 */
export function useBackupStatus(): BackupStatus {
  return useCurrent(useBackups().status$, unknown);
}
