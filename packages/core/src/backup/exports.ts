export { type BackupEvent, type BackupInput, backupMachine, type BackupOutput } from "./backupMachine.ts";
export type { BackupOptions } from "./backupOptions.ts";
export type { BackupState, BackupTask } from "./backupTask.ts";
export type { IncrementSettings } from "./rules/wantsIncrement.ts";
