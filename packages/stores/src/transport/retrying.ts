import type { CallOptions } from "@xmtp-backup/core";
import pRetry from "p-retry";
import { TransientFailure } from "./transientFailure.ts";

const longestDelayMs = 30_000;
/** A server that asks for a longer pause gets no second try: the policy comes back later. */
const longestWaitMs = 60_000;

/** A pause while a server is at work counts as at least so long: where pauses have no length, the waiting ends too. */
const leastPauseMs = 10;

export type RetryingOptions = CallOptions & {
  retries: number;
  retryDelayMs: number;
  /** How long a server that is at work is waited for, in milliseconds: the pauses alone count. @default 0 */
  patienceMs?: number;
};

/**
 * Does `work` again, with growing pauses, as long as it fails in a way that can pass. A pause that the server asks for is kept.
 * `progress` is how far the work has come: whatever moved since the last failure makes the count of retries, and the pauses, begin again.
 */
export async function retrying<T>(
  work: () => Promise<T>,
  { retries, retryDelayMs, patienceMs = 0, signal }: RetryingOptions,
  progress = () => 0,
): Promise<T> {
  let reached = progress();
  let failures = 0;
  let pauses = 0;
  let pausedMs = 0;
  const options = {
    // p-retry's own count never begins again: failures are counted, and pauses made, below.
    retries: Infinity,
    minTimeout: 0,
    ...(signal && { signal }),
    shouldRetry: async ({ error }: { error: Error }) => {
      if (!(error instanceof TransientFailure) || error.waitMs > longestWaitMs) return false;
      const hasMoved = progress() > reached;
      reached = progress();
      // A server that is at work has answered: what failed before that is over.
      failures = error.isAtWork ? 0 : hasMoved ? 1 : failures + 1;
      pauses = hasMoved ? 1 : pauses + 1;
      if (failures > retries || (error.isAtWork && pausedMs >= patienceMs)) return false;
      const delayMs = Math.max(error.waitMs, Math.min(retryDelayMs * 2 ** (pauses - 1) * (1 + Math.random()), longestDelayMs));
      if (error.isAtWork) pausedMs += Math.max(delayMs, leastPauseMs);
      if (delayMs > 0) await pause(delayMs, signal);
      return true;
    },
  };
  try {
    return await pRetry(work, options);
  } catch (error) {
    throw error instanceof TransientFailure ? error.failure : error;
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
