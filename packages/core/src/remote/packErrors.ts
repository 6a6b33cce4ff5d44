import { BackupError, isBackupError } from "../errors/backupError.ts";
import { type BackupErrorCode, errorCodes } from "../errors/errorCodes.ts";

/** An error as plain data: a structured clone would lose its code, its brand and its name. */
type PackedError = { [mark]: true; name: string; message: string; code?: BackupErrorCode; details?: string | undefined; cause?: unknown };

const mark = "xmtp-backup.error";

/** The same value, with every error in it as plain data that survives a structured clone. */
export function packErrors(value: unknown): unknown {
  if (value instanceof Error) return packError(value);
  return mapPlain(value, packErrors);
}

/** The same value, with every error in it as it was: what `isBackupError` knew, it knows again. */
export function unpackErrors(value: unknown): unknown {
  if (typeof value === "object" && value !== null && mark in value) return unpackError(value as PackedError);
  return mapPlain(value, unpackErrors);
}

function packError(error: Error): PackedError {
  const cause = error.cause === undefined ? {} : { cause: packErrors(error.cause) };
  if (!isBackupError(error)) return { [mark]: true, name: error.name, message: error.message, ...cause };
  return { [mark]: true, name: error.name, message: error.shortMessage, code: error.code, details: error.details, ...cause };
}

function unpackError({ name, message, code, details, cause: packed }: PackedError): Error {
  const cause = packed === undefined ? {} : { cause: unpackErrors(packed) };
  // Another version of the app may know codes that this one does not.
  if (code !== undefined && Object.hasOwn(errorCodes, code)) return new BackupError(code, message, { ...cause, ...(details !== undefined && { details }) });
  return Object.assign(new Error(message, cause), { name });
}

/** Goes into arrays and plain objects; whatever else there is, such as a `Blob`, is its own clone. */
function mapPlain(value: unknown, change: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, change(each)]));
}
