import { BackupError } from "../errors/backupError.ts";
import type { ArchiveDetails, ArchiveEntry } from "../model/archiveEntry.ts";
import { determinate } from "../model/progress.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { assertArchiveKey } from "./archiveKey.ts";
import { keyForArchive, loadKeys } from "./archiveKeys.ts";
import type { Dependencies, StageTools } from "./dependencies.ts";
import type { Downloads } from "./downloads.ts";
import { fingerprintOf } from "./manifestKey.ts";
import type { RestoreOptions, RestoreSource } from "./restoreOptions.ts";
import { listArchives } from "./storedArchives.ts";

export function isEntry(source: RestoreSource): source is ArchiveEntry {
  return "seal" in source;
}

/** The key for a source, to be overwritten after use; refused before anything is fetched when it can't be the right one. */
export async function keyForSource({ keys }: Dependencies, source: RestoreSource, { key }: RestoreOptions, signal: AbortSignal): Promise<Uint8Array> {
  if (key !== undefined) {
    assertArchiveKey(key);
    if (isEntry(source) && (await fingerprintOf(key)) !== source.keyFingerprint) {
      throw new BackupError("KEY_WRONG", "This key did not make the archive.", { details: `The archive was made with key ${source.keyFingerprint}.` });
    }
    return new Uint8Array(key);
  }
  if (isEntry(source)) return keyForArchive(keys, source.keyFingerprint, { signal });
  const [newest] = await loadKeys(keys, { signal });
  if (!newest) throw new BackupError("KEY_MISSING", "The key store holds no archive key.");
  return new Uint8Array(newest);
}

/** What the manifest of a source says; read again when the list had no key to open it. */
export async function detailsOf({ store }: Dependencies, source: RestoreSource, key: Uint8Array, options: CallOptions): Promise<ArchiveDetails | undefined> {
  if (!isEntry(source)) return undefined;
  if (source.details) return source.details;
  const entries = await listArchives(store, [key], options);
  return entries.find(({ id }) => id === source.id)?.details;
}

/** The bytes of a source until the downloads are released, as long as the store gives as many as its manifest says. */
export async function fetchSource({ store }: Dependencies, source: RestoreSource, { spool }: Downloads, { signal, report }: StageTools): Promise<Blob> {
  if (!isEntry(source)) return source;
  const blob = await store.get(source.id, {
    signal,
    spool,
    onProgress: (doneBytes) => report(determinate(doneBytes, source.sizeBytes, "bytes")),
  });
  if (blob.size === source.sizeBytes || blob.size === 0) return blob;
  throw blob.size < source.sizeBytes
    ? new BackupError("ARCHIVE_TRUNCATED", `The store gave ${blob.size} of ${source.sizeBytes} bytes.`)
    : new BackupError("ARCHIVE_DAMAGED", `The store gave ${blob.size} bytes where ${source.sizeBytes} were stored.`);
}
