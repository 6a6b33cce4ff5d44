import { ArchiveError } from "../model/archiveError.ts";

/** The error for an archive that does not begin as every archive must. */
export const missingMetadata = (): ArchiveError =>
  new ArchiveError("ARCHIVE_DAMAGED", "the archive does not begin with its metadata", { recordIndex: 0 });
