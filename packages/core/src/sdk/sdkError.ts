import { closedClient } from "./closedClient.ts";
import { BackupError, isBackupError } from "../errors/backupError.ts";
import { deviceFull, isDeviceFull } from "../errors/deviceFull.ts";
import type { BackupErrorCode } from "../errors/errorCodes.ts";

export type SdkErrorOptions = {
  code: BackupErrorCode;
  shortMessage: string;
  /** What the SDK says when its client is closed, where it has no error of its own for that. @default nothing */
  closed?: RegExp;
};

/** What a failure of an SDK means: the device is full, the client is closed, or the given code. An error of ours stays as it is. */
export function sdkError(error: unknown, { code, shortMessage, closed }: SdkErrorOptions): BackupError {
  if (isBackupError(error)) return error;
  if (isDeviceFull(error)) return deviceFull(shortMessage, error);
  const message = error instanceof Error ? error.message : String(error);
  if (closed?.test(message)) return closedClient(error);
  return new BackupError(code, shortMessage, { cause: error, details: `The SDK says: ${message}.` });
}
