import type { FileSink } from "./fileSink.ts";
import { pageSink } from "./pageSink.ts";
import { workerSink } from "./workerSink.ts";

/**
 * Opens a file of the browser's file systems to be written: from the page where the browser can, else by a worker (Safari before 26).
 *
 * @throws STORE_UNSUPPORTED when the browser can do neither
 */
export function openSink(folder: FileSystemDirectoryHandle, name: string): Promise<FileSink> {
  return canWriteFromPage() ? pageSink(folder, name) : workerSink(folder, name);
}

/**
 * Makes sure that files can be written in a folder, before anything is made that would be lost.
 *
 * @throws STORE_UNSUPPORTED when they can't
 */
export async function assertWritable(folder: FileSystemDirectoryHandle): Promise<void> {
  if (canWriteFromPage()) return;
  const sink = await workerSink(folder, ".trial");
  await sink.abort();
}

function canWriteFromPage(): boolean {
  const file = (globalThis as { FileSystemFileHandle?: { prototype: object } }).FileSystemFileHandle;
  return file !== undefined && "createWritable" in file.prototype;
}
