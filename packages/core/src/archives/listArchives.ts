import { toBackupError } from "../errors/backupError.ts";
import type { ArchiveEntry } from "./archiveEntry.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import type { ArchiveStore } from "../ports/archiveStore.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { lookAtKeys } from "./keysAtHand.ts";
import { loadOnce } from "../tasks/loadOnce.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { openManifest } from "./sealManifest.ts";
import type { ManifestKey } from "./manifestKey.ts";

/** Every archive of the store, newest first, opened with the keys at hand, which are overwritten before the store is asked. */
export async function listStored(
  { store, keys }: Pick<Dependencies, "store" | "keys">,
  options: CallOptions = {},
): Promise<ArchiveEntry[]> {
  const { manifestKeys } = await lookAtKeys(keys, options);
  return listArchives(store, manifestKeys, options);
}

/** Every archive of the store once, newest first; one whose manifest nobody can read is listed as damaged or unsupported. */
export async function listArchives(store: ArchiveStore, keys: readonly ManifestKey[], options: CallOptions = {}): Promise<ArchiveEntry[]> {
  const entries = new Map<ArchiveId, ArchiveEntry>();
  try {
    for await (const { id, manifest } of store.list(options)) {
      options.signal?.throwIfAborted();
      const entry = await openManifest(id, manifest, keys);
      const before = entries.get(id);
      if (!before || isBetter(entry, before)) entries.set(id, entry);
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    throw toBackupError(error, "STORE_FAILED", "The list of archives could not be read.");
  }
  return (await joined([...entries.values()])).sort((a, b) => b.createdAtMs - a.createdAtMs || (a.id < b.id ? 1 : -1));
}

const loadChains = loadOnce("joins chains of archives", () => import("./joinChains.ts"));

async function joined(entries: ArchiveEntry[]): Promise<ArchiveEntry[]> {
  if (entries.every(({ details }) => details?.increment === undefined)) return entries;
  const { joinChains } = await loadChains();
  return joinChains(entries);
}

/** Of two manifests of one archive the one that opens counts, and of those the one that was changed last. */
function isBetter({ details, createdAtMs }: ArchiveEntry, { details: before }: ArchiveEntry): boolean {
  if (!details || !before) return details !== undefined;
  return (details.changedAtMs ?? createdAtMs) > (before.changedAtMs ?? createdAtMs);
}
