import type { BrowserClient } from "./browserClient.ts";

/** Waits before a stream that failed is opened again, in milliseconds; they double. */
const firstDelayMs = 1_000;
const longestDelayMs = 60_000;

type Stream = { end(): Promise<unknown> };
type Options = { onValue: () => void; onFail: () => void; retryOnFail: false };

/**
 * Holds one of the SDK's streams open until the returned function is called. Reports each arrival, and when the stream is there again.
 *
 * It retries in place of the SDK: docs/sdk-facts.md#retries-outlive-the-stream.
 */
export function keepStreamOpen(client: BrowserClient, open: (options: Options) => Promise<Stream>, tell: () => void): () => void {
  let delayMs = firstDelayMs;
  let stream: Stream | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  let stopIgnoring = () => {};

  async function start(isAgain: boolean): Promise<void> {
    // docs/sdk-facts.md#closed-worker-never-answers
    if (isOver || !client.isReady) return;
    const onValue = () => {
      delayMs = firstDelayMs;
      if (!isOver) tell();
    };
    const onFail = () => {
      stream = undefined;
      stopIgnoring();
      stopIgnoring = ignoreStreamErrors();
      startLater();
    };
    try {
      stream = await open({ onValue, onFail, retryOnFail: false });
    } catch {
      // A client that is offline has no streams. The watcher looks now and then anyway.
      return startLater();
    }
    if (isOver) return end();
    if (isAgain && timer === undefined) tell();
  }

  function startLater(): void {
    if (isOver || timer !== undefined) return;
    timer = setTimeout(startAgain, delayMs);
    delayMs = Math.min(delayMs * 2, longestDelayMs);
  }

  function startAgain(): void {
    clearTimeout(timer);
    timer = undefined;
    stopIgnoring();
    void start(true);
  }

  /** A network that is back is tried at once, however long it was away. */
  function onOnline(): void {
    delayMs = firstDelayMs;
    if (timer !== undefined) startAgain();
  }

  function end(): void {
    isOver = true;
    clearTimeout(timer);
    removeEventListener("online", onOnline);
    stopIgnoring();
    if (client.isReady) stream?.end().catch(() => undefined);
  }

  addEventListener("online", onOnline);
  void start(false);
  return end;
}

/** Looks like a fault of the app: docs/sdk-facts.md#stream-errors-reach-the-page. */
const sdkStreamError = /Stream (failed, retried|"[^"]*" not found)/;

function ignoreStreamErrors(): () => void {
  const over = new AbortController();
  const ignore = (event: Event & { message?: string; reason?: unknown }) => {
    const message = event.reason instanceof Error ? event.reason.message : event.message;
    if (message !== undefined && sdkStreamError.test(message)) event.preventDefault();
  };
  for (const type of ["error", "unhandledrejection"]) globalThis.addEventListener(type, ignore, { signal: over.signal });
  return () => over.abort();
}
