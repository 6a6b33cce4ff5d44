import { BackupError, isBackupError } from "../errors/backupError.ts";
import { type BackupErrorCode, errorCodes } from "../errors/errorCodes.ts";
import { describeCause, isErrorLike, readSafely, textIn } from "./plainCause.ts";

/** An error as plain data: a structured clone would lose its code, its brand and its name. */
type PackedError = {
  [mark]: true;
  name: string;
  message: string;
  code?: BackupErrorCode;
  details?: string | undefined;
  version?: string;
  cause?: unknown;
};

const mark = "xmtp-backup.error";
/** Causes of causes that cross; one that goes in a circle ends here. */
const maxCauses = 8;

/** The same value, with every error in it as plain data that survives a structured clone, whatever its cause is. */
export function packErrors(value: unknown): unknown {
  if (value instanceof Error) return packError(value, 0);
  return mapPlain(value, packErrors);
}

/** The same value, with every error in it as it was: what `isBackupError` knew, it knows again. */
export function unpackErrors(value: unknown): unknown {
  if (typeof value === "object" && value !== null && mark in value) return unpackError(value as PackedError);
  return mapPlain(value, unpackErrors);
}

/** The same value without what no structured clone takes: functions and symbols, however deep they are. */
export function withoutFunctions(value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  return value instanceof Error ? value : mapPlain(value, withoutFunctions);
}

/** Reads the error's own few texts only, each in a way that can't fail: who threw it may have made anything of it. */
function packError(error: object, depth: number): PackedError {
  const cause = readSafely(error, "cause");
  const packed = {
    [mark]: true as const,
    name: textIn(error, "name", "Error"),
    ...(cause !== undefined && { cause: packCause(cause, depth + 1) }),
  };
  if (!isOurs(error)) return { ...packed, message: textIn(error, "message") };
  const details = textIn(error, "details");
  const version = textIn(error, "version");
  return {
    ...packed,
    message: textIn(error, "shortMessage"),
    code: error.code,
    ...(details !== "" && { details }),
    ...(version !== "" && { version }),
  };
}

function packCause(cause: unknown, depth: number): unknown {
  if (!isErrorLike(cause)) return describeCause(cause);
  return depth > maxCauses ? "[further causes]" : packError(cause, depth);
}

function isOurs(error: object): error is BackupError {
  try {
    return isBackupError(error) && typeof error.code === "string";
  } catch {
    return false;
  }
}

function unpackError({ name, message, code, details, version, cause: packed }: PackedError): Error {
  const cause = packed === undefined ? {} : { cause: unpackErrors(packed) };
  // Another version of the app may know codes that this one does not.
  if (code !== undefined && Object.hasOwn(errorCodes, code))
    return new BackupError(code, message, {
      ...cause,
      ...(details !== undefined && { details }),
      ...(version !== undefined && { version }),
    });
  return Object.assign(new Error(message, cause), { name });
}

/** Goes into arrays and plain objects; whatever else there is, such as a `Blob`, is its own clone. */
function mapPlain(value: unknown, change: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, change(each)]));
}
