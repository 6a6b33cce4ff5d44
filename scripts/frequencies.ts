import type { BackupPolicy } from "@xmtp-backup/core";

/** The frequencies that docs/when-to-back-up.md shows a year of. */
export const frequencies = {
  daily: { frequency: "daily" },
  weekly: { frequency: "weekly" },
  monthly: { frequency: "monthly" },
  never: { frequency: "never" },
} as const satisfies Record<string, BackupPolicy>;
