export { BackupError, type BackupErrorOptions, isBackupError, toBackupError } from "./backupError.ts";
export { type BackupErrorCode, errorCodes } from "./errorCodes.ts";
