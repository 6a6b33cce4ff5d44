import { BackupError, isBackupError } from "../errors/backupError.ts";
import type { ArchiveDetails, ArchiveEntry } from "../archives/archiveEntry.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import type { TransferOptions } from "../ports/callOptions.ts";
import { callPort } from "../ports/callPort.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { createDownloads, type Downloads } from "../archives/createDownloads.ts";
import { type InspectedArchive, inspectArchive } from "../archives/inspectArchive.ts";
import { type StoredPoint, withPoint } from "../archives/openPoint.ts";
import { fetchPoint, fetchStored } from "../restore/openSource.ts";
import { bytesToRead, readSource } from "../restore/readSource.ts";
import { type StoredArchive, withStored } from "../archives/openStored.ts";
import { updateManifest } from "./updateManifest.ts";

/**
 * Reads a stored archive back without restoring it: fetches a stored archive, reads every record, and notes in its manifest when it was
 * found whole. Of an archive that is not, the manifest stays as it was.
 *
 * `onProgress` grows to the size of the archive; where the store downloads first, that is the first half of it.
 *
 * @throws ARCHIVE_NOT_FOUND when no archive of this id is listed, or its bytes are gone
 * @throws ARCHIVE_EMPTY when there are no bytes
 * @throws ARCHIVE_TRUNCATED when its end is missing
 * @throws ARCHIVE_DAMAGED when it is not what was stored
 * @throws ARCHIVE_VERSION_UNSUPPORTED when a newer version made it
 * @throws STORE_UNAVAILABLE or HOST_FAILED when its bytes can't be read now, which says nothing of them
 * @throws KEY_MISSING when there is no key at all
 * @throws KEY_WRONG when none of the keys made it
 */
export async function verifyStored(dependencies: Dependencies, id: ArchiveId, options: TransferOptions = {}): Promise<ArchiveEntry> {
  await withPoint(dependencies, id, options, async (stored) => {
    const downloads = createDownloads(dependencies.host);
    try {
      await fetchWhole(dependencies, stored, downloads, options);
    } catch (error) {
      // One that was removed while it was read is not there any more, rather than damaged.
      const now: unknown = await withStored(dependencies, id, options, () => undefined).catch((reason: unknown) => reason);
      options.signal?.throwIfAborted();
      throw isBackupError(now) && now.code === "ARCHIVE_NOT_FOUND" ? now : error;
    } finally {
      await downloads.release();
    }
  });
  const verifiedAtMs = dependencies.clock.now();
  return updateManifest(dependencies, id, (details) => ({ ...details, verifiedAtMs }), options);
}

/**
 * Fetches a stored archive, with all that it is based on, and checks every record: each is what was stored, and together they hold what
 * the manifest says. Gives the bytes of each.
 */
export async function fetchWhole(
  dependencies: Dependencies,
  point: StoredPoint,
  downloads: Downloads,
  options: TransferOptions,
): Promise<readonly Blob[]> {
  const { chain, entry, key } = point;
  if (chain.length < 2) return [await fetchOne(dependencies, point, downloads, options)];
  const { signal = new AbortController().signal, onProgress } = options;
  const blobs = await callPort({ signal }, "STORE_FAILED", "The archive could not be fetched.", () =>
    fetchPoint(dependencies, chain, downloads, { signal, report: () => undefined }),
  );
  const scale = entry.sizeBytes / Math.max(1, bytesToRead(blobs));
  const opened = { entry, chain, keys: [new Uint8Array(key)] };
  try {
    await readSource(dependencies, blobs, opened, downloads, {
      signal,
      ...(onProgress && { onProgress: (doneBytes: number) => onProgress(Math.floor(doneBytes * scale)) }),
    });
  } finally {
    for (const each of opened.keys) each.fill(0);
  }
  return blobs;
}

async function fetchOne(
  dependencies: Dependencies,
  { entry, key }: StoredArchive,
  downloads: Downloads,
  { signal = new AbortController().signal, onProgress }: TransferOptions,
): Promise<Blob> {
  const { host, store } = dependencies;
  const isLocal = store.features.local;
  const archive = await callPort({ signal }, "STORE_FAILED", "The archive could not be fetched.", () =>
    fetchStored(dependencies, entry, downloads, {
      signal,
      report: (progress) => {
        if (!isLocal && progress.kind === "determinate") onProgress?.(Math.floor(progress.done / 2));
      },
    }),
  );
  const inspected = await inspectArchive(archive, key, {
    signal,
    primitives: host.primitives,
    expected: entry.details,
    readFailure: isLocal ? "STORE_UNAVAILABLE" : "HOST_FAILED",
    onProgress: (doneBytes) => onProgress?.(isLocal ? doneBytes : Math.floor((archive.size + doneBytes) / 2)),
  });
  assertAsListed(inspected, entry.details);
  return archive;
}

/** The same records hold as much as was counted when they were stored. */
export function assertAsListed({ held, records }: InspectedArchive, details: Pick<ArchiveDetails, "counts" | "records">): void {
  const { conversations, messages, consentRecords } = held.counts;
  const found = { conversations, messages, consentRecords, records };
  const listed = { ...details.counts, records: details.records };
  for (const kind of Object.keys(found) as (keyof typeof found)[]) {
    if (found[kind] === listed[kind]) continue;
    throw new BackupError("ARCHIVE_DAMAGED", "The archive does not hold what its manifest says.", {
      details: `It holds ${found[kind]} ${kind}, the manifest says ${listed[kind]}.`,
    });
  }
}
