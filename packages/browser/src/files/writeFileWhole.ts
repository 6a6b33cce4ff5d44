import type { FileSink } from "./fileSink.ts";
import { openSink } from "./openSink.ts";

/**
 * Writes a file of the browser's file systems; until it is closed the name holds what it held before, or nothing.
 *
 * @throws STORE_UNSUPPORTED when the browser can't write such files
 */
export async function writeFileWhole(
  folder: FileSystemDirectoryHandle,
  name: string,
  write: (file: FileSink) => Promise<void>,
): Promise<void> {
  const sink = await openSink(folder, name);
  try {
    await write(sink);
  } catch (error) {
    await sink.abort().catch(() => undefined);
    throw error;
  }
  await sink.close();
}
