import { toStoreError } from "./toStoreError.ts";

/** Runs what a store does with files; once aborted it rejects with the reason, and a file error says what it means. */
export async function guarded<T>(shortMessage: string, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  try {
    signal?.throwIfAborted();
    return await run();
  } catch (error) {
    throw toStoreError(error, shortMessage, signal);
  }
}
