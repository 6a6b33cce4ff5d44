export { assertShape, type OptionKind } from "./assertShape.ts";
export { BackupError, type BackupErrorOptions, isBackupError, toBackupError } from "./backupError.ts";
export { deviceFull, isDeviceFull } from "./deviceFull.ts";
export { type BackupErrorCode, errorCodes } from "./errorCodes.ts";
