import { BackupError, type BackupErrorCode, isBackupError } from "@xmtp-backup/core";
import { errorName } from "../files/errorName.ts";

const storeCodes: Readonly<Record<string, BackupErrorCode>> = {
  QuotaExceededError: "STORE_FULL",
  NotAllowedError: "STORE_DENIED",
  SecurityError: "STORE_DENIED",
  NotFoundError: "STORE_UNAVAILABLE",
  TypeMismatchError: "STORE_UNAVAILABLE",
  InvalidStateError: "STORE_UNAVAILABLE",
  NotSupportedError: "STORE_UNSUPPORTED",
};

/** Says what an error of the browser means for a store; an abort passes through as it is. */
export function toStoreError(error: unknown, shortMessage: string, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason;
  if (isBackupError(error)) return error;
  const name = errorName(error);
  return new BackupError((name && storeCodes[name]) || "STORE_FAILED", shortMessage, {
    cause: error,
    ...(name && { details: `The browser says ${name}.` }),
  });
}
