import { BackupError } from "../errors/backupError.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import type { ArchiveStore } from "../ports/archiveStore.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { hasBytes } from "./hasBytes.ts";

/**
 * Looks whether the bytes of an archive that was just listed still lie in the store. The backup goes on if the store can't be asked now:
 * pruning asks again, and removes nothing meanwhile.
 *
 * @throws STORE_MISMATCH when they are gone, or are more or fewer
 */
export async function assertKept(store: ArchiveStore, id: ArchiveId, sizeBytes: number, { signal }: CallOptions): Promise<void> {
  const isKept = await hasBytes(store, id, sizeBytes, { signal }).catch(() => true);
  signal?.throwIfAborted();
  if (!isKept)
    throw new BackupError("STORE_MISMATCH", "The store lost the archive before the backup had ended.", {
      details: "Another device or program removed or cut it.",
    });
}
