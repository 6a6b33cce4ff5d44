import { assertShape, BackupError, type Lock } from "@xmtp-backup/core";

export type WebLockOptions = {
  /** What the names of locks begin with, which every script of the origin shares. @default "xmtp-backup:" */
  prefix?: string;
};

/**
 * One holder per name among all tabs and workers of the origin, by the browser's Web Locks.
 *
 * The browser gives a lock back when the tab is closed, reloaded or crashes. There are Web Locks only in secure contexts:
 * `https:` and `localhost`.
 *
 * @example
 * ```ts
 * import { webLock } from "@xmtp-backup/browser";
 *
 * const unlock = await webLock().tryAcquire("my-inbox");
 * await unlock?.();
 * ```
 */
export function webLock(options: WebLockOptions = {}): Lock {
  assertShape("webLock", options, { prefix: "any?" });
  const { prefix = "xmtp-backup:" } = options;
  return {
    async tryAcquire(name, { signal } = {}) {
      signal?.throwIfAborted();
      const unlock = await acquire(prefix + name).catch((error: unknown) => {
        throw new BackupError("JOURNAL_FAILED", "The lock can't be used.", { cause: error });
      });
      if (signal?.aborted) await unlock?.();
      signal?.throwIfAborted();
      return unlock;
    },
  };
}

/** The browser holds a lock as long as the promise that the callback gives back is pending. */
async function acquire(name: string): Promise<(() => Promise<void>) | undefined> {
  return new Promise((resolve, reject) => {
    const held = navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(undefined);
      return new Promise<void>((release) => {
        resolve(async () => {
          release();
          await held;
        });
      });
    });
    held.catch(reject);
  });
}
