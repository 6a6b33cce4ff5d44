import type { ArchiveEntry } from "../../archives/archiveEntry.ts";
import type { ArchiveId } from "../../ports/archiveId.ts";

/** A stored archive that can't be read back, and the code of the error that says why. */
export type DamagedArchive = {
  id: ArchiveId;
  code: string;
  /** In milliseconds since 1970. */
  foundAtMs?: number;
};

/** Whether an archive, or one that it is based on, was found damaged or gone. */
export function isAmongDamaged(archive: ArchiveEntry, damagedIds: readonly ArchiveId[]): boolean {
  if (damagedIds.length === 0) return false;
  const chain = archive.seal === "open" ? archive.chain : undefined;
  return damagedIds.some((id) => id === archive.id || (chain?.includes(id) ?? false));
}
