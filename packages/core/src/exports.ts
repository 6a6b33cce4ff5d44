export type { RunningTask } from "./adviseClosing.ts";
export type { Backups, PrepareForAnswer } from "./backups.ts";
export type { ActivationSettings, BackupsOptions } from "./backupsOptions.ts";
export type { BackupStatus } from "./backupStatus.ts";
export { createBackups } from "./createBackups.ts";
