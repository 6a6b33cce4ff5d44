import { type ArchivePrimitives, hashArchive } from "@xmtp-backup/archive";
import type { ArchiveDetails, ArchiveOutline } from "./archiveEntry.ts";
import type { CallOptions } from "../ports/callOptions.ts";

export type IsArchiveOfOptions = CallOptions & {
  /** What the host hashes with. @default the portable code of the archive package */
  primitives?: ArchivePrimitives | undefined;
};

/** Whether bytes are the archive that a proven manifest describes: of its size, and of its SHA-256. */
export async function isArchiveOf(
  archive: Blob,
  { sizeBytes, details }: Pick<ArchiveOutline, "sizeBytes"> & { details: Pick<ArchiveDetails, "sha256"> },
  options: IsArchiveOfOptions = {},
): Promise<boolean> {
  return archive.size === sizeBytes && (await hashArchive(archive, options)) === details.sha256;
}
