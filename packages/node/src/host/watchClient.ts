import type { HostEvent } from "@xmtp-backup/core";
import type { NodeClient, NodeStream, NodeStreamOptions } from "./nodeClient.ts";

/** Waits before a stream that failed is opened again, in milliseconds; they double. */
const firstDelayMs = 1_000;
const longestDelayMs = 60_000;

type Open = (options: NodeStreamOptions) => Promise<NodeStream>;

/**
 * Tells when a conversation or message arrives or consent changes, and when a stream that had failed is there again; never throws.
 *
 * It retries in place of the SDK (docs/sdk-facts.md#retries-outlive-the-stream): these retries end with the watch, and never hold
 * the process.
 */
export function watchClient(client: NodeClient, listener: (event: HostEvent) => void): () => void {
  const ends = [
    keepOpen((options) => client.conversations.stream(options), () => listener("conversation")),
    keepOpen((options) => client.conversations.streamAllMessages(options), () => listener("message")),
    keepOpen((options) => client.preferences.streamConsent(options), () => listener("consent")),
  ];
  return () => ends.forEach((end) => end());
}

function keepOpen(open: Open, tell: () => void): () => void {
  let delayMs = firstDelayMs;
  let stream: NodeStream | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  async function start(isAgain: boolean): Promise<void> {
    const onValue = () => {
      delayMs = firstDelayMs;
      if (!isOver) tell();
    };
    try {
      stream = await open({ onValue, onFail: startLater, retryOnFail: false });
    } catch {
      // A client that is offline or closed has no streams. The watcher looks now and then anyway.
      return startLater();
    }
    if (isOver) return end();
    // docs/sdk-facts.md#stream-that-never-opened
    if (stream.isDone) return startLater();
    if (isAgain && timer === undefined) tell();
  }

  function startLater(): void {
    if (isOver || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      void start(true);
    }, delayMs).unref();
    delayMs = Math.min(delayMs * 2, longestDelayMs);
  }

  function end(): void {
    isOver = true;
    clearTimeout(timer);
    stream?.end().catch(() => undefined);
  }

  void start(false);
  return end;
}
