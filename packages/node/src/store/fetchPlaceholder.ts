import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { BackupError, type CallOptions } from "@xmtp-backup/core";

/**
 * How long a file may take to come, and how often it is looked for, in milliseconds. `goneLooks` is how many looks may find its
 * placeholder gone.
 */
const limits = { waitMs: 30_000, lookMs: 250, goneLooks: 8, askMs: 10_000 };

export type PlaceholderOptions = CallOptions & {
  /** Asks the system for the file. @default iCloud's own command on macOS; elsewhere nothing can be asked */
  ask?: ((path: string, options: CallOptions) => Promise<unknown>) | undefined;
  /** How long to wait for it, in milliseconds; where the system can't be asked, half a minute at most. @default 30_000 */
  waitMs?: number;
  /** How often to look, in milliseconds. @default 250 */
  lookMs?: number;
};

/**
 * Lets a file be downloaded of which only a placeholder lies in the folder; says whether it came. One whose placeholder was deleted does
 * not come.
 */
export async function fetchPlaceholder(
  path: string,
  { signal, ask = askOfThisSystem(), waitMs = limits.waitMs, lookMs = limits.lookMs }: PlaceholderOptions = {},
): Promise<boolean> {
  if (!ask) return false;
  const wasAsked = await ask(path, { signal }).then(
    () => true,
    () => false,
  );
  const longestMs = wasAsked ? waitMs : Math.min(waitMs, limits.waitMs);
  for (let [waitedMs, goneLooks] = [0, 0]; ; waitedMs += lookMs) {
    signal?.throwIfAborted();
    if (await exists(path)) return true;
    goneLooks = (await exists(placeholderOf(path))) ? 0 : goneLooks + 1;
    if (waitedMs >= longestMs || goneLooks > limits.goneLooks) return false;
    await pause(lookMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
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

function placeholderOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.icloud`);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The name that a file has once it is downloaded. */
export function nameOfPlaceholder(name: string): string {
  return name.replace(/^\.(.+)\.icloud$/, "$1");
}

/** Fetches what lies in a folder as a placeholder. @throws STORE_UNAVAILABLE when it does not come */
export async function fetchOrRefuse(directory: string, name: string, shortMessage: string, options: PlaceholderOptions): Promise<void> {
  if (!(await fetchPlaceholder(join(directory, nameOfPlaceholder(name)), options))) throw inTheCloud(shortMessage);
}
