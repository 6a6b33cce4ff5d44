import { BackupError, type BackupErrorCode, deviceFull, isBackupError, isDeviceFull } from "@xmtp-backup/core";
import type { BrowserClient } from "./browserClient.ts";

/** How often a call that runs looks whether its client was closed, in milliseconds. */
const lookMs = 500;

/**
 * Runs something of the SDK, whose failure becomes an error of the code.
 *
 * A closed client is reported as that, before it is asked and while it is (docs/sdk-facts.md#closed-worker-never-answers).
 */
export async function callSdk<R>(client: BrowserClient, code: BackupErrorCode, shortMessage: string, signal: AbortSignal | undefined, run: () => Promise<R>): Promise<R> {
  signal?.throwIfAborted();
  if (!client.isReady) throw closedError();
  try {
    return await untilClosed(client, run);
  } catch (error) {
    signal?.throwIfAborted();
    if (isBackupError(error)) throw error;
    if (isDeviceFull(error)) throw deviceFull(shortMessage, error);
    const message = error instanceof Error ? error.message : String(error);
    throw new BackupError(code, shortMessage, { cause: error, details: `The SDK says: ${message}.` });
  }
}

async function untilClosed<R>(client: BrowserClient, run: () => Promise<R>): Promise<R> {
  let timer: ReturnType<typeof setInterval> | undefined;
  const closed = new Promise<never>((_resolve, reject) => {
    timer = setInterval(() => client.isReady || reject(closedError()), lookMs);
  });
  try {
    return await Promise.race([run(), closed]);
  } finally {
    clearInterval(timer);
  }
}

function closedError(): BackupError {
  return new BackupError("CLIENT_CLOSED", "The XMTP client is closed.");
}
