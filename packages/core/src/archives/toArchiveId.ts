import { invalid } from "../errors/assertOptions.ts";
import type { ArchiveRef } from "./archiveEntry.ts";
import type { ArchiveId } from "../ports/archiveId.ts";

/**
 * The id of an archive that was named by its id or by its entry.
 *
 * @throws OPTIONS_INVALID when it is neither
 */
export function toArchiveId(ref: ArchiveRef): ArchiveId {
  const id: unknown = typeof ref === "object" && ref !== null ? ref.id : ref;
  if (typeof id === "string") return id;
  throw invalid("An archive is named by its id, or by its entry in the list.");
}
