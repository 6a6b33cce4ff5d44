import { setTimeout as pause } from "node:timers/promises";
import { BackupError, type BackupErrorCode } from "@xmtp-backup/core";
import { tryLockFile } from "./tryLockFile.ts";

const shortestPauseMs = 5;
const longestPauseMs = 100;

export type LockWait = {
  signal?: AbortSignal | undefined;
  /** How long to wait for another process, in milliseconds. */
  patienceMs: number;
  /** The code of the error when the wait was in vain. */
  code: BackupErrorCode;
};

/**
 * Runs `work` while this process holds a file, and waits until nobody else does.
 *
 * @throws the given code when the file can't be used, or when another process does not let go of it in time
 */
export async function withLockFile<T>(path: string, { signal, patienceMs, code }: LockWait, work: () => Promise<T>): Promise<T> {
  const take = () =>
    tryLockFile(path).catch((error: unknown) => {
      throw new BackupError(code, "The lock file can't be used.", {
        cause: error,
        details: `It is ${path}. ${error instanceof Error ? error.message : ""}`,
      });
    });
  let unlock = await take();
  for (let waitedMs = 0, pauseMs = shortestPauseMs; !unlock; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    if (waitedMs >= patienceMs)
      throw new BackupError(code, "Another process has held the lock for too long.", { details: `It is the file ${path}.` });
    // Those who wait come back at different times.
    const nextMs = Math.ceil(pauseMs * (0.5 + Math.random() / 2));
    await pause(nextMs, undefined, signal ? { signal } : {}).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error;
    });
    waitedMs += nextMs;
    unlock = await take();
  }
  try {
    return await work();
  } finally {
    unlock();
  }
}
