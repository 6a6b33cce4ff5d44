/** The stages of a backup, in order. */
export type BackupStage =
  | "preparing"
  | "exporting"
  | "merging"
  | "verifying"
  | "storing"
  | "confirming"
  | "listing"
  | "pruning"
  | "cleaning";

/** The stages of a restore, in order. */
export type RestoreStage = "preparing" | "fetching" | "verifying" | "importing" | "checking" | "cleaning";
