import type { ArchiveDetails } from "../../archives/archiveEntry.ts";

/** Whether an archive holds everything that it was asked to hold. */
export function isComplete({ missingMessages, lacks }: Pick<ArchiveDetails, "missingMessages" | "lacks">): boolean {
  return missingMessages === undefined && lacks === undefined;
}
