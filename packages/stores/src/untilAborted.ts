import type { CallOptions } from "@xmtp-backup/core";

/** Waits for a promise, but not longer than its caller does; what comes of it later is heard by nobody. */
export function untilAborted<T>(promise: PromiseLike<T>, { signal }: CallOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal?.reason);
    const end = (settle: () => void) => {
      signal?.removeEventListener("abort", giveUp);
      settle();
    };
    signal?.addEventListener("abort", giveUp, { once: true });
    promise.then((value) => end(() => resolve(value)), (error: unknown) => end(() => reject(error)));
    if (signal?.aborted) giveUp();
  });
}
