import { isMissing } from "./errorName.ts";

/** A file of a folder, or undefined when there is none. */
export async function readFile(folder: FileSystemDirectoryHandle, name: string): Promise<File | undefined> {
  const handle = await folder.getFileHandle(name).catch(ifMissing);
  return handle?.getFile().catch(ifMissing);
}

/** A file that was written whole: one of no bytes was about to be written when the page ended. */
export async function findWhole(folder: FileSystemDirectoryHandle, name: string): Promise<File | undefined> {
  const file = await readFile(folder, name);
  return file && file.size > 0 ? file : undefined;
}

export function ifMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}
