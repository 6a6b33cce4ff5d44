/** How hard a backup works beside the app: as fast as it can, or so that the app's own calls stay quick. */
export type BackupPriority = "normal" | "low";
