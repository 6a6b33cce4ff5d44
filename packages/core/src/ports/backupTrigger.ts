/** What made a backup run; `first` is the one that begins the protection, since there was no archive of the installation. */
export type BackupTrigger = "manual" | "first" | "schedule" | "activity" | "event";
