export { archiveKeyBytes, assertArchiveKey, generateArchiveKey, keyFingerprint } from "./archiveKey.ts";
export type { BackupOptions } from "./backupOptions.ts";
export type { RestoreOptions, RestoreSource } from "./restoreOptions.ts";
