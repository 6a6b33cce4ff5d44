import { BackupError, isBackupError } from "../errors/backupError.ts";
import type { BackupErrorCode } from "../errors/errorCodes.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import { determinate } from "../tasks/progress.ts";
import { assertArchiveKey } from "../archives/archiveKey.ts";
import { noKey } from "../archives/keysAtHand.ts";
import { assertRoomFor } from "../archives/assertRoom.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import type { StageTools } from "../tasks/stageTools.ts";
import type { Downloads } from "../archives/createDownloads.ts";
import { fetchAtMost } from "../archives/fetchAtMost.ts";
import { ofPart } from "../archives/joinPoint.ts";
import { openPoint } from "../archives/openPoint.ts";
import type { OpenEntry } from "../archives/openStored.ts";
import { assertRestoreOptions, type RestoreOptions } from "./restoreOptions.ts";
import type { KnownSource } from "./toSource.ts";
import { withKeys } from "../archives/withKeys.ts";

/** A source that can be read: what is proven of it, and the keys that may open it, to be overwritten after use. */
export type OpenedSource = {
  /** What the store's manifest says; absent for a bare file, and for a salvage of an archive that has no manifest that opens. */
  entry?: OpenEntry;
  /** The archives that it is based on and itself, the whole one first; absent where there is no entry. */
  chain?: readonly OpenEntry[];
  keys: Uint8Array[];
};

/** The refusals that a salvage passes over: nothing tells what the archive should be, and its bytes may be good all the same. */
const passable: ReadonlySet<BackupErrorCode> = new Set<BackupErrorCode>([
  "ARCHIVE_DAMAGED",
  "ARCHIVE_NOT_FOUND",
  "ARCHIVE_VERSION_UNSUPPORTED",
  "KEY_WRONG",
]);

/**
 * Finds out what is proven of a source, before anything is fetched.
 *
 * Of an entry only the id counts: whoever passes it may have an old list, one of another store, or made it up. What the archive is
 * and whose is read again from the store, and counts as far as its seal proves it.
 */
export async function openSource(
  dependencies: Dependencies,
  source: KnownSource,
  options: RestoreOptions,
  signal: AbortSignal,
): Promise<OpenedSource> {
  assertRestoreOptions(options);
  const { key, salvage = false } = options;
  if (key !== undefined) assertArchiveKey(key);
  if (source.id !== undefined) {
    try {
      const { entry, chain, key: maker } = await openPoint(dependencies, source.id, { key, signal });
      return { entry, chain, keys: [maker] };
    } catch (error) {
      if (!salvage || !isBackupError(error) || !passable.has(error.code)) throw error;
    }
  }
  return { keys: key ? [new Uint8Array(key)] : await everyKey(dependencies, signal) };
}

function everyKey({ keys }: Dependencies, signal: AbortSignal): Promise<Uint8Array[]> {
  return withKeys(keys, { signal }, (held, unusable) => {
    if (held.length === 0) throw noKey(unusable);
    return held.map((key) => new Uint8Array(key));
  });
}

/** The bytes of a source until the downloads are released: of a restore point those of each of its archives. */
export async function fetchSource(
  dependencies: Dependencies,
  source: KnownSource,
  { chain }: OpenedSource,
  downloads: Downloads,
  tools: StageTools,
): Promise<Blob[]> {
  if (chain) return fetchPoint(dependencies, chain, downloads, tools);
  return [source.id === undefined ? source.file : await fetchBytes(dependencies, source.id, undefined, downloads, tools)];
}

/** The bytes of each archive of a restore point. */
export async function fetchPoint(
  dependencies: Dependencies,
  chain: readonly OpenEntry[],
  downloads: Downloads,
  { signal, report }: StageTools,
): Promise<Blob[]> {
  const totalBytes = chain.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const blobs: Blob[] = [];
  let startBytes = 0;
  for (const entry of chain) {
    const reportPart: StageTools["report"] = (progress) => {
      if (progress.kind === "determinate") report(determinate(startBytes + progress.done, totalBytes, "bytes"));
    };
    const fetching = fetchStored(dependencies, entry, downloads, { signal, report: reportPart });
    blobs.push(await (chain.length > 1 ? fetching.catch((error: unknown) => rethrow(error, entry)) : fetching));
    startBytes += entry.sizeBytes;
  }
  return blobs;
}

/** Says of which archive of the point a failure is. */
function rethrow(error: unknown, { id }: OpenEntry): never {
  throw isBackupError(error) ? ofPart(error, id) : error;
}

/**
 * The bytes of a stored archive, as long as the store gives as many as its manifest says.
 *
 * @throws DEVICE_FULL when a download does not fit on this device
 */
export async function fetchStored(
  dependencies: Dependencies,
  { id, sizeBytes }: OpenEntry,
  downloads: Downloads,
  tools: StageTools,
): Promise<Blob> {
  if (!dependencies.store.features.local) await assertRoomFor(dependencies.host, sizeBytes, tools);
  const blob = await fetchBytes(dependencies, id, sizeBytes, downloads, tools).catch((error: unknown) => {
    if (!isBackupError(error) || error.code !== "STORE_MISMATCH") throw error;
    throw new BackupError("ARCHIVE_DAMAGED", `The store has more bytes than the ${sizeBytes} that were stored.`, { cause: error });
  });
  if (blob.size === sizeBytes || blob.size === 0) return blob;
  throw new BackupError("ARCHIVE_TRUNCATED", `The store gave ${blob.size} of ${sizeBytes} bytes.`);
}

function fetchBytes(
  { store }: Dependencies,
  id: ArchiveId,
  sizeBytes: number | undefined,
  downloads: Downloads,
  { signal, report }: StageTools,
): Promise<Blob> {
  if (sizeBytes === undefined) return store.get(id, { signal, spool: downloads.spool });
  return fetchAtMost(store, id, sizeBytes, downloads, {
    signal,
    onProgress: (doneBytes) => report(determinate(doneBytes, sizeBytes, "bytes")),
  });
}
