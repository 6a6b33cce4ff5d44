import { setTimeout as wait } from "node:timers/promises";
import type { Backups } from "@xmtp-backup/core";

type Last = {
  /** How long it may take, in milliseconds. */
  withinMs: number;
  /** Is given why the last backup failed, was refused or was cancelled. */
  report(error: Error): void;
};

/**
 * Stops an agent, makes a last backup and stops the backups, whatever becomes of the step before. Never rejects.
 *
 * The agent may take half of the time, so that one that hangs leaves the other half to the backup.
 */
export async function stopWithBackup(agent: { stop(): Promise<void> }, backups: Backups, { withinMs, report }: Last): Promise<void> {
  const startedMs = performance.now();
  const stopping = (async () => agent.stop())().catch(report);
  await Promise.race([stopping, wait(withinMs / 2, undefined, { ref: false })]);
  await lastBackup(backups, { withinMs: withinMs - (performance.now() - startedMs), report }).catch(report);
  backups.stop();
}

/**
 * Lets what runs come to its end and backs up once more. Work that is not done in time is cancelled, which keeps every earlier archive.
 */
export async function lastBackup(backups: Backups, { withinMs, report }: Last): Promise<void> {
  const over = new AbortController();
  let isDone = false;
  const backingUp = (async () => {
    await ended(backups);
    if (over.signal.aborted) return;
    await backups.backup().catch((error: Error) => (over.signal.aborted ? undefined : report(error)));
    isDone = true;
  })();
  await Promise.race([backingUp, wait(Math.max(0, withinMs), undefined, { ref: false })]);
  over.abort();
  if (!isDone) report(new Error("The last backup was not done in time and is cancelled. Every earlier archive is kept."));
  await backups.current()?.task.cancel();
  await ended(backups);
}

function ended(backups: Backups): Promise<unknown> {
  return backups.current()?.task.result.catch(() => undefined) ?? Promise.resolve();
}
