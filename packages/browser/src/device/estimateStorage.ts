import type { StoreUsage } from "@xmtp-backup/core";

/** What the origin uses of its quota, in bytes, all of its data included; undefined where the browser does not tell. */
export async function estimateStorage(): Promise<StoreUsage | undefined> {
  const storage: Partial<StorageManager> | undefined = navigator.storage;
  const { usage, quota } = (await storage?.estimate?.()) ?? {};
  if (usage === undefined || !quota) return undefined;
  return { usedBytes: Math.min(usage, quota), totalBytes: quota };
}
