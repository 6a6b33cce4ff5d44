import type { StoreUsage } from "@xmtp-backup/core";
import { estimateStorage } from "./estimateStorage.ts";

export type StorageReport = {
  /** The browser keeps the origin's data even when it is short of room; absent where it has no such promise. */
  isPersistent?: boolean;
  /** What the origin uses of its quota, in bytes; absent where the browser does not tell. */
  usage?: StoreUsage;
};

/**
 * Asks the browser to keep this origin's data when it is short of room, and reports what it answered.
 *
 * Some browsers ask the user, so call it when a click makes that plain, such as one that turns backups on. Even a persistent
 * origin loses everything when the user clears the site's data. It never throws.
 *
 * @example
 * ```ts
 * import { persistStorage } from "@xmtp-backup/browser";
 *
 * const { isPersistent, usage } = await persistStorage();
 * console.log(isPersistent, usage?.usedBytes, usage?.totalBytes);
 * ```
 */
export async function persistStorage(): Promise<StorageReport> {
  const storage: Partial<StorageManager> | undefined = navigator.storage;
  const isPersistent = await settled(async () => (await storage?.persisted?.()) || storage?.persist?.());
  const usage = await settled(estimateStorage);
  return { ...(isPersistent !== undefined && { isPersistent }), ...(usage && { usage }) };
}

async function settled<T>(ask: () => Promise<T>): Promise<T | undefined> {
  return ask().catch(() => undefined);
}
