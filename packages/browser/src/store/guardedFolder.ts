import { toStoreError } from "./toStoreError.ts";

/** Gives a folder, for each call again, or says why it can't be used. */
export type OpenFolder = () => Promise<FileSystemDirectoryHandle>;

/** Does work in a folder, and says what an error of the browser means for a store. */
export function guardedFolder(openFolder: OpenFolder) {
  return async <T>(
    shortMessage: string,
    signal: AbortSignal | undefined,
    run: (folder: FileSystemDirectoryHandle) => Promise<T>,
  ): Promise<T> => {
    try {
      signal?.throwIfAborted();
      return await run(await openFolder());
    } catch (error) {
      throw toStoreError(error, shortMessage, signal);
    }
  };
}
