import { ArchiveError, type ArchiveErrorCode } from "@xmtp-backup/archive";
import { BackupError, toBackupError } from "../errors/backupError.ts";
import type { BackupErrorCode } from "../errors/errorCodes.ts";

const codes: Readonly<Record<ArchiveErrorCode, BackupErrorCode>> = {
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

/** What an error of the archive format means for a backup or restore. */
export function toBackupArchiveError(error: unknown): BackupError {
  if (!ArchiveError.is(error)) return toBackupError(error, "ARCHIVE_DAMAGED", "The archive could not be read.");
  return new BackupError(codes[error.code], `The archive was refused: ${error.message}.`, { cause: error });
}
