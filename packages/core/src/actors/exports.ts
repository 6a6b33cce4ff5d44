export { archiveKeyBytes, assertArchiveKey, generateArchiveKey } from "./archiveKey.ts";
export type { BackupOptions } from "./backupOptions.ts";
export { listOutlines } from "./listOutlines.ts";
export { keyFingerprint } from "./keyFingerprint.ts";
export type { RestoreOptions, RestoreSource } from "./restoreOptions.ts";
