import type { FileSink } from "./fileSink.ts";

/** Writes a file from the page. The browser keeps the bytes apart until the file is closed. */
export async function pageSink(folder: FileSystemDirectoryHandle, name: string): Promise<FileSink> {
  const isNew = !(await hasFile(folder, name));
  const handle = await folder.getFileHandle(name, { create: true });
  /** An empty file was made to be written. */
  const discard = async () => {
    if (isNew) await folder.removeEntry(name).catch(() => undefined);
  };
  try {
    const file = await handle.createWritable();
    return {
      write: (data) => file.write(data),
      close: () =>
        file.close().catch(async (error: unknown) => {
          await discard();
          throw error;
        }),
      async abort() {
        await file.abort().catch(() => undefined);
        await discard();
      },
    };
  } catch (error) {
    await discard();
    throw error;
  }
}

function hasFile(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  return folder.getFileHandle(name).then(
    () => true,
    () => false,
  );
}
