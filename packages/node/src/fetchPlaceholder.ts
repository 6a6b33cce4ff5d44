import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { BackupError, type CallOptions } from "@xmtp-backup/core";

/** How long a file may take to come, in milliseconds, and how often it is looked for. */
const limits = { waitMs: 30_000, lookMs: 250, askMs: 10_000 };

export type PlaceholderOptions = CallOptions & {
  /** Asks the system for the file. @default iCloud's own command on macOS; elsewhere nothing can be asked */
  ask?: ((path: string, options: CallOptions) => Promise<unknown>) | undefined;
  /** How long to wait for it, in milliseconds. @default 30_000 */
  waitMs?: number;
};

/** Lets a file be downloaded of which only a placeholder lies in the folder; says whether it came. */
export async function fetchPlaceholder(path: string, { signal, ask = askOfThisSystem(), waitMs = limits.waitMs }: PlaceholderOptions = {}): Promise<boolean> {
  if (!ask) return false;
  await ask(path, { signal }).catch(() => signal?.throwIfAborted());
  for (let waitedMs = 0; ; waitedMs += limits.lookMs) {
    signal?.throwIfAborted();
    if (await access(path).then(() => true, () => false)) return true;
    if (waitedMs >= waitMs) return false;
    await pause(limits.lookMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

/** Archives, or a document, of which only placeholders lie in the folder. */
export function inTheCloud(shortMessage: string): BackupError {
  return new BackupError("STORE_UNAVAILABLE", shortMessage, {
    details: "Connect to the internet and let the sync program download the folder, or have it always kept on this device; then try again.",
  });
}

function askOfThisSystem(): PlaceholderOptions["ask"] {
  if (process.platform !== "darwin") return undefined;
  return (path, { signal }) => promisify(execFile)("brctl", ["download", path], { timeout: limits.askMs, ...(signal && { signal }) });
}

/** The name that a file has once it is downloaded. */
export function nameOfPlaceholder(name: string): string {
  return name.replace(/^\.(.+)\.icloud$/, "$1");
}

/** Fetches what lies in a folder as a placeholder. @throws STORE_UNAVAILABLE when it does not come */
export async function fetchOrRefuse(directory: string, name: string, shortMessage: string, options: CallOptions): Promise<void> {
  if (!(await fetchPlaceholder(join(directory, nameOfPlaceholder(name)), options))) throw inTheCloud(shortMessage);
}
