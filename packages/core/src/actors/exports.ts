export { archiveKeyBytes, assertArchiveKey, assertUsableKey, generateArchiveKey, usableKeys } from "./archiveKey.ts";
export type { BackupOptions } from "./backupOptions.ts";
export { isArchiveOf, type IsArchiveOfOptions } from "./isArchiveOf.ts";
export { listOutlines } from "./listOutlines.ts";
export { keyFingerprint } from "./keyFingerprint.ts";
export { manifestReader, type ManifestReader } from "./manifestReader.ts";
export type { RestoreOptions, RestoreSource } from "./restoreOptions.ts";
