import { chmod } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { BackupError, type BackupErrorCode } from "@xmtp-backup/core";
import { assertOwnPath } from "./privateFolder.ts";

const sqliteBusy = 5;
/** SQLite's own words for that code, in every version. */
const busyText = /\bdatabase (table )?is locked\b/;
const shortestPauseMs = 5;
const longestPauseMs = 100;

/**
 * Takes a file that one process holds at a time, or answers undefined while another has it.
 *
 * It is an empty SQLite file under an exclusive lock, which the operating system gives back when the process dies, however it
 * dies: there are no stale lock files to judge. Its folder must exist; the file stays, readable by its owner only.
 *
 * @throws any error of the file system or of SQLite that does not mean that another has it
 */
export async function tryLockFile(path: string): Promise<(() => void) | undefined> {
  await assertOwnPath(path);
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
    // By its path: a descriptor of this process that is closed would take the lock of another holder in it.
    await chmod(path, 0o600).catch(() => undefined);
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  return () => {
    if (database.isOpen) database.close();
  };
}

/** Whether SQLite says that another has the file: Node gives the code as a number, Bun by its name, Deno in words only. */
function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { errcode, errno, code } = error as { errcode?: unknown; errno?: unknown; code?: unknown };
  for (const number of [errcode, errno]) if (typeof number === "number" && number > 0) return (number & 0xff) === sqliteBusy;
  return (typeof code === "string" && code.startsWith("SQLITE_BUSY")) || busyText.test(error.message);
}

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
      throw new BackupError(code, "The lock file can't be used.", { cause: error, details: `It is ${path}. ${error instanceof Error ? error.message : ""}` });
    });
  let unlock = await take();
  for (let waitedMs = 0, pauseMs = shortestPauseMs; !unlock; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    if (waitedMs >= patienceMs) throw new BackupError(code, "Another process has held the lock for too long.", { details: `It is the file ${path}.` });
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
