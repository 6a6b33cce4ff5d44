import { BackupError } from "@xmtp-backup/core";

/**
 * Writes a file of the browser's file systems; until it is closed the name holds what it held before, or nothing.
 *
 * @throws STORE_UNAVAILABLE when the browser can't write such files on a page
 */
export async function writeFileWhole(
  directory: FileSystemDirectoryHandle,
  name: string,
  write: (file: FileSystemWritableFileStream) => Promise<void>,
): Promise<void> {
  const isNew = !(await hasFile(directory, name));
  const handle = await directory.getFileHandle(name, { create: true });
  try {
    if (typeof handle.createWritable !== "function") throw new BackupError("STORE_UNAVAILABLE", "This browser can't write files from a page.");
    const file = await handle.createWritable();
    try {
      await write(file);
    } catch (error) {
      await file.abort().catch(() => undefined);
      throw error;
    }
    await file.close();
  } catch (error) {
    // An empty file was made to be written.
    if (isNew) await directory.removeEntry(name).catch(() => undefined);
    throw error;
  }
}

export async function hasFile(directory: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  return directory.getFileHandle(name).then(
    () => true,
    () => false,
  );
}
