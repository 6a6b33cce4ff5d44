import type { ArchiveId } from "../ports/archiveId.ts";
import type { ArchiveEntry } from "./archiveEntry.ts";

/** The archives of a list whose restore reads this one too. */
export function dependentsOf(entries: readonly ArchiveEntry[], id: ArchiveId): ArchiveEntry[] {
  return entries.filter((each) => each.seal === "open" && each.id !== id && (each.chain?.includes(id) ?? false));
}
