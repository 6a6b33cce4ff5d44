/**
 * What time it is by the clock of the file system that holds a folder, in milliseconds since 1970: that of a file which is made now.
 * Undefined when the folder can't be written.
 */
export async function folderTimeMs(folder: FileSystemDirectoryHandle): Promise<number | undefined> {
  const name = `.clock.${crypto.randomUUID()}.part`;
  try {
    const handle = await folder.getFileHandle(name, { create: true });
    return (await handle.getFile()).lastModified;
  } catch {
    return undefined;
  } finally {
    await folder.removeEntry(name).catch(() => undefined);
  }
}
