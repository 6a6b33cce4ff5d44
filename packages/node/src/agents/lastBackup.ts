import { setTimeout as wait } from "node:timers/promises";
import type { Backups } from "@xmtp-backup/core";

/**
 * Lets what runs come to its end and backs up once more; what is not done within the time is cancelled, which keeps every earlier archive.
 *
 * How it ended shows in the status. Never rejects.
 */
export async function lastBackup(backups: Backups, withinMs: number): Promise<void> {
  const over = new AbortController();
  const backingUp = (async () => {
    await ended(backups);
    if (over.signal.aborted) return;
    await backups.backup().catch(() => undefined);
  })();
  await Promise.race([backingUp, wait(withinMs, undefined, { ref: false })]);
  over.abort();
  await backups.current()?.task.cancel();
  await ended(backups);
}

function ended(backups: Backups): Promise<unknown> {
  return backups.current()?.task.result.catch(() => undefined) ?? Promise.resolve();
}
