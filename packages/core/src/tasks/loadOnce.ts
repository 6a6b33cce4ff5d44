import { BackupError } from "../errors/backupError.ts";

/**
 * Loads a part of the code when it is first needed, apart from what every screen loads; after a failure the next call tries again.
 *
 * @throws HOST_FAILED when it can't be loaded
 */
export function loadOnce<T>(purpose: string, load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((cause: unknown) => {
      loading = undefined;
      throw new BackupError("HOST_FAILED", `The code that ${purpose} could not be loaded.`, { cause });
    });
    return loading;
  };
}
