import { BackupError } from "@xmtp-backup/core";

/**
 * A folder of the origin-private file system, made if it is not there.
 *
 * @throws STORE_UNAVAILABLE when the browser has no such file system
 */
export async function openOpfsFolder(directory: string): Promise<FileSystemDirectoryHandle> {
  const storage: Partial<StorageManager> | undefined = navigator.storage;
  if (!storage?.getDirectory) throw new BackupError("STORE_UNAVAILABLE", "This browser has no private file system here.");
  const root = await storage.getDirectory();
  return root.getDirectoryHandle(directory, { create: true });
}
