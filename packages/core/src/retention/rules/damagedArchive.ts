import type { ArchiveId } from "../../ports/archiveId.ts";

/** A stored archive that can't be read back, and the code of the error that says why. */
export type DamagedArchive = {
  id: ArchiveId;
  code: string;
  /** In milliseconds since 1970. */
  foundAtMs?: number;
};
