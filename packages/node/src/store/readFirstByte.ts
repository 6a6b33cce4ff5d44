import { open } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { BackupError, type CallOptions } from "@xmtp-backup/core";

/**
 * Reads the first byte of a file. Where a system downloads a file when it is read, that is now, and not under a later reader.
 *
 * A read can't be called back; one that is given up ends in its own time.
 *
 * @param options.waitMs - how long it may take, in milliseconds
 * @throws STORE_UNAVAILABLE when it does not come in time
 */
export async function readFirstByte(path: string, { signal, waitMs }: CallOptions & { waitMs: number }): Promise<void> {
  const done = new AbortController();
  const isLate = pause(waitMs, true, { signal: signal ? AbortSignal.any([signal, done.signal]) : done.signal }).catch(() => {
    signal?.throwIfAborted();
    return false;
  });
  try {
    if (await Promise.race([isLate, read(path).then(() => false)])) {
      throw new BackupError("STORE_UNAVAILABLE", "The file is not downloaded in time.", {
        details: "Connect to the internet and let the program that syncs the folder download it; then try again.",
      });
    }
  } finally {
    done.abort();
  }
}

async function read(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.read(new Uint8Array(1), 0, 1, 0);
  } finally {
    await file.close();
  }
}
