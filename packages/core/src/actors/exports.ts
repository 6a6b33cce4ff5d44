export { archiveKeyBytes, assertArchiveKey, assertUsableKey, generateArchiveKey, usableKeys } from "../archives/archiveKey.ts";
export type { BackupOptions } from "../backup/backupOptions.ts";
export { isArchiveOf, type IsArchiveOfOptions } from "../archives/isArchiveOf.ts";
export { listOutlines } from "../archives/listOutlines.ts";
export { keyFingerprint } from "../archives/keyFingerprint.ts";
export { manifestReader, type ManifestReader } from "../archives/manifestReader.ts";
export type { RestoreOptions, RestoreSource } from "../restore/restoreOptions.ts";
