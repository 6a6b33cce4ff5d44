import type { HostEvent } from "@xmtp-backup/core";
import { type Client, StreamFailedError, type StreamOptions } from "@xmtp/browser-sdk";

/** Waits before a stream that failed is opened again, in milliseconds; they double. */
const firstDelayMs = 1_000;
const longestDelayMs = 60_000;

type Stream = { end(): Promise<unknown> };
type Open = (options: StreamOptions<unknown>) => Promise<Stream>;

/**
 * Tells when a conversation or message arrives, and when a stream that had failed is there again; never throws.
 *
 * Two streams are all that a page can hold over HTTP/1.1.
 */
export function watchClient<T>(client: Client<T>, listener: (event: HostEvent) => void): () => void {
  const ends = [
    keepOpen(client, (options) => client.conversations.stream(options as object), () => listener("conversation")),
    keepOpen(client, (options) => client.conversations.streamAllMessages(options as object), () => listener("message")),
  ];
  return () => ends.forEach((end) => end());
}

function keepOpen<T>(client: Client<T>, open: Open, tell: () => void): () => void {
  let delayMs = firstDelayMs;
  let stream: Stream | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  async function start(isAgain: boolean): Promise<void> {
    // The worker of a closed client never answers.
    if (isOver || !client.isReady) return;
    const onValue = () => {
      delayMs = firstDelayMs;
      if (!isOver) tell();
    };
    const onError = (error: Error) => (error instanceof StreamFailedError ? startLater() : undefined);
    try {
      stream = await open({ onValue, onError, retryOnFail: false });
    } catch {
      // A client that is offline has no streams; whoever watches looks now and then by itself.
      return startLater();
    }
    if (isOver) return end();
    if (isAgain && timer === undefined) tell();
  }

  function startLater(): void {
    if (isOver || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      void start(true);
    }, delayMs);
    delayMs = Math.min(delayMs * 2, longestDelayMs);
  }

  function end(): void {
    isOver = true;
    clearTimeout(timer);
    if (client.isReady) stream?.end().catch(() => undefined);
  }

  void start(false);
  return end;
}
