import { setTimeout as wait } from "node:timers/promises";
import type { Backups } from "@xmtp-backup/core";

type Patience = {
  report(error: Error): void;
  signal: AbortSignal;
  /** How long the second try waits; the waits double. @default 1000 */
  firstDelayMs?: number;
};

const longestDelayMs = 15 * 60_000;

/**
 * Starts the policy. A first try that fails is reported, and further ones are made later, until the signal aborts.
 *
 * The place for archives can be away while the agent starts with its own database: that keeps no agent offline.
 */
export async function startPatiently(backups: Pick<Backups, "start">, { report, signal, firstDelayMs = 1_000 }: Patience): Promise<void> {
  if (!(await tryStart())) void tryAgain(firstDelayMs).catch(() => undefined);

  async function tryStart(): Promise<boolean> {
    try {
      await backups.start();
      return true;
    } catch (error) {
      report(error as Error);
      return false;
    }
  }

  async function tryAgain(delayMs: number): Promise<void> {
    await wait(delayMs, undefined, { ref: false, signal });
    if (!(await tryStart())) await tryAgain(Math.min(delayMs * 2, longestDelayMs));
  }
}
