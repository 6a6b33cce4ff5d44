import type { ArchiveId } from "../../ports/archiveId.ts";
import type { ArchiveEntry } from "../archiveEntry.ts";

/** The archives of a list that a restore can't do without this one. */
export function dependentsOf(entries: readonly ArchiveEntry[], id: ArchiveId): ArchiveEntry[] {
  return entries.filter((each) => each.seal === "open" && each.id !== id && (each.chain?.includes(id) ?? false));
}
