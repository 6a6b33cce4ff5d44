import { BackupError, isBackupError } from "../errors/backupError.ts";
import type { BackupErrorCode } from "../errors/errorCodes.ts";
import type { TransferOptions } from "../ports/callOptions.ts";
import type { Downloads } from "../archives/createDownloads.ts";
import { readDeletions } from "../archives/deletionsNote.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { type InspectedArchive, inspectArchive } from "../archives/inspectArchive.ts";
import { joinPoint } from "../archives/joinPoint.ts";
import type { OpenedSource } from "./openSource.ts";
import type { RestoreOptions } from "./restoreOptions.ts";

/** What a wrong key looks like; damage further on shows only after the right one has opened the first record. */
const mayBeOtherKey: ReadonlySet<BackupErrorCode> = new Set<BackupErrorCode>(["KEY_WRONG", "ARCHIVE_KEY_OR_DAMAGE"]);

export type ReadSourceOptions = TransferOptions & Pick<RestoreOptions, "unsent">;

/** How many bytes `readSource` reads: it joins several archives first. */
export function bytesToRead(blobs: readonly Blob[]): number {
  const bytes = blobs.reduce((sum, { size }) => sum + size, 0);
  return blobs.length > 1 ? 3 * bytes : bytes;
}

/**
 * Reads and authenticates every record of a source, with the key that opens it. The archives of a restore point are joined first.
 *
 * Where no manifest names the key, each is tried, the newest first: a wrong one is known by the first record.
 *
 * @throws as `inspectArchive` and `joinPoint` do
 */
export async function readSource(
  dependencies: Dependencies,
  blobs: readonly Blob[],
  opened: OpenedSource,
  downloads: Downloads,
  options: ReadSourceOptions,
): Promise<InspectedArchive> {
  const { entry, chain = [] } = opened;
  if (!entry || chain.length < 2) return readOne(dependencies, blobs[0] ?? new Blob([]), opened, options);
  const { host, store } = dependencies;
  const { signal, onProgress } = options;
  const parts = chain.map(({ id, details }, index) => ({ id, details, blob: blobs[index] ?? new Blob([]) }));
  const readFailure = store.features.local ? ("STORE_UNAVAILABLE" as const) : ("HOST_FAILED" as const);
  const [maker = new Uint8Array()] = opened.keys;
  const { archive, key } = await joinPoint(host, parts, maker, { signal, readFailure, ...(onProgress && { onProgress }) });
  downloads.hold(archive);
  opened.keys.push(key);
  const joinedBytes = 2 * parts.reduce((sum, { blob }) => sum + blob.size, 0);
  const inspected = await inspectArchive(archive.blob, key, {
    ...options,
    ...(onProgress && { onProgress: (doneBytes: number) => onProgress(joinedBytes + doneBytes) }),
    ...(await facts(dependencies, signal)),
  });
  const { counts } = inspected.held;
  const differing = (Object.keys(counts) as (keyof typeof counts)[]).find((kind) => counts[kind] !== entry.details.counts[kind]);
  if (differing) {
    throw new BackupError("ARCHIVE_DAMAGED", "The archives of this backup do not hold together what its manifest says.", {
      details: `They hold ${counts[differing]} ${differing}, the manifest says ${entry.details.counts[differing]}.`,
    });
  }
  const { sizeBytes, details } = entry;
  return named({ ...inspected, preview: { ...inspected.preview, sizeBytes, sha256: details.sha256 } }, entry);
}

async function readOne(
  dependencies: Dependencies,
  archive: Blob,
  { entry, keys }: OpenedSource,
  options: ReadSourceOptions,
): Promise<InspectedArchive> {
  let refusal: unknown;
  const known = await facts(dependencies, options.signal);
  const readFailure = entry && dependencies.store.features.local ? "STORE_UNAVAILABLE" : "HOST_FAILED";
  for (const key of keys) {
    try {
      return named(
        await inspectArchive(archive, key, { ...options, ...known, readFailure, ...(entry && { expected: entry.details }) }),
        entry,
      );
    } catch (error) {
      if (!isBackupError(error) || !mayBeOtherKey.has(error.code)) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

/** What this device knows beside the archive. */
async function facts({ host, clock, journal }: Dependencies, signal: AbortSignal | undefined) {
  return { deletions: await readDeletions(journal, { signal }), nowMs: clock.now(), primitives: host.primitives };
}

/** With the name that the user gave it. */
function named(inspected: InspectedArchive, entry: OpenedSource["entry"]): InspectedArchive {
  const { name } = entry?.details ?? {};
  return { ...inspected, preview: { ...inspected.preview, ...(name !== undefined && { name }) } };
}
