import { BackupError, type BackupErrorCode, deviceFull, isBackupError, isDeviceFull } from "@xmtp-backup/core";

/** Runs something of the SDK, whose failure becomes an error of the code. A closed client fails as closed, whatever was asked of it. */
export async function callSdk<R>(code: BackupErrorCode, shortMessage: string, signal: AbortSignal | undefined, run: () => Promise<R>): Promise<R> {
  signal?.throwIfAborted();
  try {
    return await run();
  } catch (error) {
    signal?.throwIfAborted();
    throw toHostError(error, code, shortMessage);
  }
}

/** A closed client shows in the words of the error alone: docs/sdk-facts.md#closed-client. */
function toHostError(error: unknown, code: BackupErrorCode, shortMessage: string): BackupError {
  if (isBackupError(error)) return error;
  if (isDeviceFull(error)) return deviceFull(shortMessage, error);
  const message = error instanceof Error ? error.message : String(error);
  return /needs to\s+reconnect|client is closed|not initialized/i.test(message)
    ? new BackupError("CLIENT_CLOSED", "The XMTP client is closed.", { cause: error })
    : new BackupError(code, shortMessage, { cause: error, details: `The SDK says: ${message}.` });
}
