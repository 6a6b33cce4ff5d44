import { join } from "node:path";
import { type Backups, createBackups } from "@xmtp-backup/core";
import { fileKeys, fileStore, nodeHost } from "@xmtp-backup/node";
import type { Client } from "@xmtp/node-sdk";

/** Where an agent's archives and its archive key are kept: two places that do not get lost together. */
export type SafePlaces = { archives: string; keys: string };

/**
 * Backs an agent up every night at 3 UTC and after every few messages, and keeps a week of nights and a year of months.
 *
 * Nobody sits before an agent: there is nothing to remind of, what goes wrong is logged, and its DMs are made anew by themselves after a
 * restore.
 */
export async function keepAgentSafe(client: Client, { archives, keys }: SafePlaces, afterMessages: number, log: (line: string) => void): Promise<Backups> {
  const backups = createBackups({
    host: nodeHost(client),
    store: fileStore({ directory: archives }),
    keys: fileKeys({ path: join(keys, "archive-keys") }),
    policy: { frequency: "daily", at: "03:00", timeZone: "UTC", afterMessages, keep: { last: 3, daily: 7, monthly: 12 }, verifyEvery: "7d", reminders: false },
    activation: { stitchDms: "auto" },
  });
  let told = "";
  backups.status$.subscribe(({ health, nextRun, lastFailure }) => {
    const line = [health && `${health.level}: ${health.reason}`, nextRun?.atMs !== undefined && `next at ${new Date(nextRun.atMs).toISOString()}`, lastFailure && `last failure: ${lastFailure.code}`]
      .filter(Boolean)
      .join("; ");
    if (line !== "" && line !== told) log(line);
    told = line;
  });
  const interrupted = await backups.start();
  if (interrupted) log(`an earlier ${interrupted.kind} was interrupted and cleaned up`);
  return backups;
}

/** Lets a backup that runs come to its end, and stops. */
export async function letFinish(backups: Backups): Promise<void> {
  await backups.current()?.task.result.catch(() => undefined);
  backups.stop();
}
