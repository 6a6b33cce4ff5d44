import { join } from "node:path";
import { assertShape, BackupError, deviceFull, isDeviceFull, type Lock } from "@xmtp-backup/core";
import { privateFolder } from "../files/privateFolder.ts";
import { tryLockFile } from "../files/tryLockFile.ts";

/**
 * One holder per name among all processes that share a folder; one that dies loses it.
 *
 * @example
 * ```ts
 * import { fileLock } from "@xmtp-backup/node";
 *
 * const unlock = await fileLock({ directory: "./state" }).tryAcquire("my-inbox");
 * await unlock?.();
 * ```
 */
export function fileLock(options: { directory: string }): Lock {
  assertShape("fileLock", options, { directory: "text" });
  const { directory } = options;
  return {
    async tryAcquire(name, { signal } = {}) {
      signal?.throwIfAborted();
      if (!/^[a-z0-9-]+$/.test(name))
        throw new BackupError("JOURNAL_FAILED", "A lock's name has lower-case letters, digits and dashes only.");
      try {
        await privateFolder(directory);
        const unlock = await tryLockFile(join(directory, `${name}.lock`));
        return unlock && (async () => unlock());
      } catch (error) {
        throw isDeviceFull(error)
          ? deviceFull("The lock can't be used.", error)
          : new BackupError("JOURNAL_FAILED", "The lock can't be used.", { cause: error });
      }
    },
  };
}
