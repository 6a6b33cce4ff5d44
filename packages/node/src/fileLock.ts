import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { BackupError, type Lock } from "@xmtp-backup/core";

const sqliteBusy = 5;

/**
 * One holder per name among all processes that share a folder.
 *
 * It holds an exclusive lock on an empty SQLite file, which the operating system gives back when the process dies,
 * however it dies: there are no stale lock files to judge.
 *
 * @example
 * ```ts
 * import { fileLock } from "@xmtp-backup/node";
 *
 * const unlock = await fileLock({ directory: "./state" }).tryAcquire("my-inbox");
 * await unlock?.();
 * ```
 */
export function fileLock({ directory }: { directory: string }): Lock {
  return {
    async tryAcquire(name, { signal } = {}) {
      signal?.throwIfAborted();
      if (!/^[a-z0-9-]+$/.test(name)) throw new BackupError("JOURNAL_FAILED", "A lock's name has lower-case letters, digits and dashes only.");
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const database = new DatabaseSync(join(directory, `${name}.lock`));
      try {
        database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
      } catch (error) {
        database.close();
        if (error instanceof Error && "errcode" in error && error.errcode === sqliteBusy) return undefined;
        throw new BackupError("JOURNAL_FAILED", "The lock can't be used.", { cause: error });
      }
      return async () => {
        if (database.isOpen) database.close();
      };
    },
  };
}
