import { readdirSync, readlinkSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

const patienceMs = 60_000;

/**
 * Waits until nothing of this process has the database open. Calls that were under way when its client was closed go on, and a copy of a
 * database that is written is damaged. Only Linux tells; elsewhere it does not wait.
 */
export async function untilClosed(path: string): Promise<void> {
  const endMs = performance.now() + patienceMs;
  while (openFiles().some((file) => file.startsWith(path))) {
    if (performance.now() > endMs) throw new Error(`${path} is still open.`);
    await wait(50);
  }
}

function openFiles(): string[] {
  try {
    return readdirSync("/proc/self/fd").flatMap((name) => targetOf(`/proc/self/fd/${name}`));
  } catch {
    return [];
  }
}

function targetOf(link: string): string[] {
  try {
    return [readlinkSync(link)];
  } catch {
    return [];
  }
}
