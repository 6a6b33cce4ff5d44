import { keepStreamOpen as keepOpen, type StreamToKeep } from "@xmtp-backup/core/sdk";
import type { BrowserClient } from "./browserClient.ts";

/** Holds one of the SDK's streams open until the returned function is called. A network that is back is tried at once. */
export function keepStreamOpen(client: BrowserClient, open: StreamToKeep["open"], tell: () => void): () => void {
  let stopIgnoring = () => {};
  const stream = keepOpen({
    open,
    tell,
    // docs/sdk-facts.md#closed-worker-never-answers
    isClientOpen: () => client.isReady,
    onFail() {
      stopIgnoring();
      stopIgnoring = ignoreStreamErrors();
    },
    onRetry: () => stopIgnoring(),
  });
  addEventListener("online", stream.retry);
  return () => {
    removeEventListener("online", stream.retry);
    stopIgnoring();
    stream.end();
  };
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
