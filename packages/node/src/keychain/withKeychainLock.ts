import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import { BackupError, isBackupError } from "@xmtp-backup/core";
import { privateFolder } from "../files/privateFolder.ts";
import { withLockFile } from "../files/withLockFile.ts";

/** How long to wait for another process, in milliseconds: its user may be asked to unlock the keychain. */
const patienceMs = 5 * 60_000;

/**
 * Runs `work` while no other process of this user changes the same entries: a keychain can't compare before it replaces.
 *
 * @throws KEY_STORE_FAILED when the lock can't be had
 */
export async function withKeychainLock<T>(
  service: string,
  account: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const folder = stateFolder();
  const name = createHash("sha256")
    .update(JSON.stringify([service, account]))
    .digest("hex")
    .slice(0, 32);
  let isHeld = false;
  try {
    await privateFolder(folder);
    return await withLockFile(join(folder, `keychain-${name}.lock`), { signal, patienceMs, code: "KEY_STORE_FAILED" }, () => {
      isHeld = true;
      return work();
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (isHeld || isBackupError(error)) throw error;
    throw new BackupError("KEY_STORE_FAILED", "The lock for the keychain can't be used.", {
      cause: error,
      details: `It lies in ${folder}.`,
    });
  }
}

/** Where programs of this user keep what they need from one run to the next. */
function stateFolder(): string {
  const { LOCALAPPDATA, XDG_STATE_HOME } = process.env;
  if (process.platform === "win32") return join(LOCALAPPDATA || join(homedir(), "AppData", "Local"), "xmtp-backup");
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", "xmtp-backup");
  return join(XDG_STATE_HOME || join(homedir(), ".local", "state"), "xmtp-backup");
}
