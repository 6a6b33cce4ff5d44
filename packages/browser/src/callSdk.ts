import { BackupError, type BackupErrorCode, isBackupError } from "@xmtp-backup/core";
import type { Client } from "@xmtp/browser-sdk";

/**
 * Runs something of the SDK, whose failure becomes an error of the code.
 *
 * A closed client is told before it is asked: its worker is gone, and what is asked of it would never be answered.
 */
export async function callSdk<T, R>(client: Client<T>, code: BackupErrorCode, shortMessage: string, signal: AbortSignal | undefined, run: () => Promise<R>): Promise<R> {
  signal?.throwIfAborted();
  if (!client.isReady) throw new BackupError("CLIENT_CLOSED", "The XMTP client is closed.");
  try {
    return await run();
  } catch (error) {
    signal?.throwIfAborted();
    if (isBackupError(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new BackupError(code, shortMessage, { cause: error, details: `The SDK says: ${message}.` });
  }
}
