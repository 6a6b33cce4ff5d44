import { type Backups, createBackups } from "@xmtp-backup/core";
import { custom, keyRing } from "@xmtp-backup/keys";
import { fileJournal, fileStore, nodeHost } from "@xmtp-backup/node";
import type { Client } from "@xmtp/node-sdk";
import type { Vault } from "./vault.ts";

/** Where an agent's archives are kept, and the vault that opens their keys: two places that do not get lost together. */
export type SafePlaces = {
  archives: string;
  vault: Vault;
  /** A folder of the agent's own disk, where it notes the newest key ring that it knows. */
  notes: string;
};

/**
 * Backs an agent up every night at 3 UTC and after every few messages, and keeps a week of nights and a year of months.
 *
 * Nobody sits before an agent: there is nothing to remind of, what goes wrong is logged, and its DMs are made anew by themselves after a
 * restore. The archive keys are in a key ring beside the archives, which the vault opens at each start: no disk holds a key.
 * An older ring that somebody puts back is refused, by an encrypted note of the newest one.
 */
export async function keepAgentSafe(client: Client, { archives, vault, notes }: SafePlaces, afterMessages: number, log: (line: string) => void): Promise<Backups> {
  const store = fileStore({ directory: archives });
  const keys = keyRing({ store, opener: custom({ name: "agent-vault", ...vault }), memory: fileJournal({ directory: notes }) });
  const backups = createBackups({
    host: nodeHost(client),
    store,
    keys,
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
