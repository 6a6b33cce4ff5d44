import type { BackupErrorCode } from "@xmtp-backup/core";
import { closedClient, sdkError } from "@xmtp-backup/core/sdk";
import type { BrowserClient } from "./browserClient.ts";

/** How often a call that runs looks whether its client was closed, in milliseconds. */
const lookMs = 500;

/**
 * Runs something of the SDK, whose failure becomes an error of the code.
 *
 * A closed client is reported as that, before it is asked and while it is (docs/sdk-facts.md#closed-worker-never-answers).
 */
export async function callSdk<R>(
  client: BrowserClient,
  code: BackupErrorCode,
  shortMessage: string,
  signal: AbortSignal | undefined,
  run: () => Promise<R>,
): Promise<R> {
  signal?.throwIfAborted();
  if (!client.isReady) throw closedClient();
  try {
    return await untilClosed(client, run);
  } catch (error) {
    signal?.throwIfAborted();
    throw sdkError(error, { code, shortMessage });
  }
}

async function untilClosed<R>(client: BrowserClient, run: () => Promise<R>): Promise<R> {
  let timer: ReturnType<typeof setInterval> | undefined;
  const closed = new Promise<never>((_resolve, reject) => {
    timer = setInterval(() => client.isReady || reject(closedClient()), lookMs);
  });
  try {
    return await Promise.race([run(), closed]);
  } finally {
    clearInterval(timer);
  }
}
