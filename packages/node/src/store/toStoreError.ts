import { BackupError, type BackupErrorCode, isBackupError } from "@xmtp-backup/core";
import { systemCode } from "../files/systemCode.ts";

const storeCodes: Readonly<Record<string, BackupErrorCode>> = {
  ENOSPC: "STORE_FULL",
  EDQUOT: "STORE_FULL",
  EFBIG: "STORE_FULL",
  EACCES: "STORE_DENIED",
  EPERM: "STORE_DENIED",
  EROFS: "STORE_DENIED",
  ENOENT: "STORE_UNAVAILABLE",
  ENOTDIR: "STORE_UNAVAILABLE",
  EEXIST: "STORE_UNAVAILABLE",
  EIO: "STORE_UNAVAILABLE",
  ESTALE: "STORE_UNAVAILABLE",
  // Another program has the file open.
  EBUSY: "STORE_UNAVAILABLE",
  ETXTBSY: "STORE_UNAVAILABLE",
  // What lies in the cloud only, and can't be downloaded now; Windows has errors for it that Node knows no name of.
  ETIMEDOUT: "STORE_UNAVAILABLE",
  EDEADLK: "STORE_UNAVAILABLE",
  EAGAIN: "STORE_UNAVAILABLE",
  ECANCELED: "STORE_UNAVAILABLE",
  ENOTCONN: "STORE_UNAVAILABLE",
  EHOSTDOWN: "STORE_UNAVAILABLE",
  EHOSTUNREACH: "STORE_UNAVAILABLE",
  ENETDOWN: "STORE_UNAVAILABLE",
  ENETUNREACH: "STORE_UNAVAILABLE",
  UNKNOWN: "STORE_UNAVAILABLE",
};

/** Says what a file error means for a store; an abort passes through as it is. */
export function toStoreError(error: unknown, shortMessage: string, signal?: AbortSignal): unknown {
  if (isBackupError(error) || (signal?.aborted && error === signal.reason)) return error;
  const code = systemCode(error);
  return new BackupError((code && storeCodes[code]) || "STORE_FAILED", shortMessage, {
    cause: error,
    ...(code && { details: `The system says ${code}.` }),
  });
}
