import { toBackupError } from "../errors/backupError.ts";
import type { ArchiveEntry } from "../model/archiveEntry.ts";
import type { ArchiveStore } from "../ports/archiveStore.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { lookAtKeys } from "./archiveKeys.ts";
import type { Dependencies } from "./dependencies.ts";
import { openManifest } from "./manifest.ts";
import type { ManifestKey } from "./manifestKey.ts";

/** Every archive of the store, newest first, opened with the keys at hand, which are overwritten before the store is asked. */
export async function listStored({ store, keys }: Pick<Dependencies, "store" | "keys">, options: CallOptions = {}): Promise<ArchiveEntry[]> {
  const { manifestKeys } = await lookAtKeys(keys, options);
  return listArchives(store, manifestKeys, options);
}

/** Every archive of the store, newest first; one whose manifest nobody can read is listed as damaged or unsupported. */
export async function listArchives(store: ArchiveStore, keys: readonly ManifestKey[], options: CallOptions = {}): Promise<ArchiveEntry[]> {
  const entries: ArchiveEntry[] = [];
  try {
    for await (const { id, manifest } of store.list(options)) {
      options.signal?.throwIfAborted();
      entries.push(await openManifest(id, manifest, keys));
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    throw toBackupError(error, "STORE_FAILED", "The list of archives could not be read.");
  }
  return entries.sort((a, b) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? 1 : -1));
}
