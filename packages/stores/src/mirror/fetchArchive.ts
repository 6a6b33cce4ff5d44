import { type ArchiveId, BackupError, type DownloadOptions, type Host, isArchiveOf, isBackupError } from "@xmtp-backup/core";
import type { Manifest } from "./manifests.ts";
import type { Places } from "./places.ts";

/**
 * The bytes of an archive from the first place that gives those which its manifest describes: of its size, and of its SHA-256 where it is proven.
 *
 * @throws ARCHIVE_NOT_FOUND when every place says that there is none
 */
export async function fetchArchive(
  id: ArchiveId,
  {
    places,
    among,
    manifest,
    primitives,
  }: { places: Places; among: readonly number[]; manifest: Manifest | undefined; primitives: Host["primitives"] },
  options: DownloadOptions,
): Promise<Blob> {
  const entry = await manifest?.entry();
  let failure: unknown = new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.");
  let other: Blob | undefined;
  let isAway = false;
  let furthest = 0;
  const onProgress = (doneBytes: number) => {
    if (doneBytes > furthest) options.onProgress?.((furthest = doneBytes));
  };

  async function isRight(archive: Blob): Promise<boolean> {
    // Who asks checks what is the only one there is.
    if (!entry || entry.sizeBytes === 0 || among.length < 2) return true;
    return entry.seal === "open" ? isArchiveOf(archive, entry, { signal: options.signal, primitives }) : archive.size === entry.sizeBytes;
  }

  for (const index of places.restingLast(among)) {
    try {
      const { values } = await places.each((each) => each.get(id, { ...options, onProgress }), options, [index]);
      const archive = values.get(index);
      if (archive && (await isRight(archive))) return archive;
      other ??= archive;
    } catch (error) {
      options.signal?.throwIfAborted();
      // An unreachable place says more than a place that has none.
      if (isBackupError(error) && error.code === "ARCHIVE_NOT_FOUND") continue;
      failure = error;
      isAway = true;
    }
  }
  // A place that is away may have the right bytes: to call the archive damaged would be too early.
  if (other && !isAway) return other;
  throw failure;
}
