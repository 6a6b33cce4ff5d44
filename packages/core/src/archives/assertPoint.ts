import { BackupError } from "../errors/backupError.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import type { ArchiveStore } from "../ports/archiveStore.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { ArchiveEntry } from "./archiveEntry.ts";
import { hasBytes } from "./hasBytes.ts";
import { listArchives } from "./listArchives.ts";
import { toManifestKey } from "./manifestKey.ts";

/**
 * Looks whether all that an increment is based on still lies in the store, and gives its entry as a list has it.
 *
 * @throws STORE_MISMATCH when an archive that it is based on is gone or another one
 */
export async function assertPoint(store: ArchiveStore, id: ArchiveId, key: Uint8Array, options: CallOptions): Promise<ArchiveEntry> {
  const entries = await listArchives(store, [await toManifestKey(key)], options);
  const point = entries.find((entry) => entry.id === id);
  if (point?.seal !== "open" || !point.chain) throw lost(point?.seal === "chainBroken" ? point.chainBreak.id : id);
  for (const { id: baseId, sizeBytes } of entries.filter((entry) => point.chain?.includes(entry.id))) {
    if (!(await hasBytes(store, baseId, sizeBytes, options))) throw lost(baseId);
  }
  return point;
}

function lost(archiveId: ArchiveId): BackupError {
  return new BackupError("STORE_MISMATCH", "The store lost an archive that this backup is based on.", {
    details: `It is archive ${archiveId}. The next backup does without it.`,
    archiveId,
  });
}
