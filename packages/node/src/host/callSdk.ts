import type { BackupErrorCode } from "@xmtp-backup/core";
import { sdkError } from "@xmtp-backup/core/sdk";

/** A closed client shows in the words of the error alone: docs/sdk-facts.md#closed-client. */
const closed = /needs to\s+reconnect|client is closed|not initialized/i;

/** Runs something of the SDK, whose failure becomes an error of the code. A closed client fails as closed, whatever was asked of it. */
export async function callSdk<R>(
  code: BackupErrorCode,
  shortMessage: string,
  signal: AbortSignal | undefined,
  run: () => Promise<R>,
): Promise<R> {
  signal?.throwIfAborted();
  try {
    return await run();
  } catch (error) {
    signal?.throwIfAborted();
    throw sdkError(error, { code, shortMessage, closed });
  }
}
