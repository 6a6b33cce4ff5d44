import { ArchiveError, type ArchiveErrorCode } from "@xmtp-backup/archive";
import { BackupError, toBackupError } from "../errors/backupError.ts";
import type { BackupErrorCode } from "../errors/errorCodes.ts";

/** What a failed read means: the place that keeps the bytes does not give them now, or this device does not. */
export type ReadFailure = "STORE_UNAVAILABLE" | "HOST_FAILED";

const codes: Readonly<Record<Exclude<ArchiveErrorCode, "ARCHIVE_UNREADABLE">, BackupErrorCode>> = {
  ARCHIVE_NOT_AN_ARCHIVE: "ARCHIVE_FOREIGN",
  ARCHIVE_UNSUPPORTED_VERSION: "ARCHIVE_VERSION_UNSUPPORTED",
  ARCHIVE_TRUNCATED: "ARCHIVE_TRUNCATED",
  ARCHIVE_DAMAGED: "ARCHIVE_DAMAGED",
  ARCHIVE_WRONG_KEY: "KEY_WRONG",
  ARCHIVE_KEY_OR_DAMAGE: "ARCHIVE_KEY_OR_DAMAGE",
  ARCHIVE_HASH_MISMATCH: "ARCHIVE_DAMAGED",
  ARCHIVE_INVALID_KEY: "KEY_INVALID",
  ARCHIVE_INVALID_RECORD: "ARCHIVE_DAMAGED",
};

/**
 * What an error while an archive is read means for a backup or restore.
 *
 * Only what was found in bytes that were read whole is damage. Any other failure may pass: a disk that fails, a file that changed
 * or is gone, code that could not be loaded.
 */
export function toBackupArchiveError(error: unknown, readFailure: ReadFailure = "HOST_FAILED"): BackupError {
  if (!ArchiveError.is(error)) return toBackupError(error, "HOST_FAILED", "The archive could not be read.");
  if (error.code === "ARCHIVE_UNREADABLE")
    return toBackupError(error.cause ?? error, readFailure, "The archive's bytes could not be read.");
  return new BackupError(codes[error.code], `The archive was refused: ${error.message}.`, { cause: error });
}
