import type { BackupErrorCode } from "@xmtp-backup/core";
import { sdkError } from "@xmtp-backup/core/sdk";
import { closedClientMessage } from "./closedClientMessage.ts";

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
    throw sdkError(error, { code, shortMessage, closed: closedClientMessage });
  }
}
