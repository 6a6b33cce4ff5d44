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

/** What ends the running calls of each client. One timer looks for all of them, since timers of a page are dear. */
const running = new WeakMap<BrowserClient, { ends: Set<() => void>; timer: ReturnType<typeof setInterval> }>();

async function untilClosed<R>(client: BrowserClient, run: () => Promise<R>): Promise<R> {
  const watch = running.get(client) ?? startWatch(client);
  let end = () => {};
  const closed = new Promise<never>((_resolve, reject) => {
    end = () => reject(closedClient());
  });
  watch.ends.add(end);
  try {
    return await Promise.race([run(), closed]);
  } finally {
    watch.ends.delete(end);
    if (watch.ends.size === 0 && running.get(client) === watch) {
      clearInterval(watch.timer);
      running.delete(client);
    }
  }
}

function startWatch(client: BrowserClient) {
  const ends = new Set<() => void>();
  const timer = setInterval(() => client.isReady || ends.forEach((end) => end()), lookMs);
  const watch = { ends, timer };
  running.set(client, watch);
  return watch;
}
