import { isBackupError } from "../errors/backupError.ts";
import type { BackupErrorCode } from "../errors/errorCodes.ts";
import type { TransferOptions } from "../ports/callOptions.ts";
import { readDeletions } from "../archives/deletionsNote.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { type InspectedArchive, inspectArchive } from "../archives/inspectArchive.ts";
import type { OpenedSource } from "./openSource.ts";
import type { RestoreOptions } from "./restoreOptions.ts";

/** What a wrong key looks like; damage further on shows only after the right one has opened the first record. */
const mayBeOtherKey: ReadonlySet<BackupErrorCode> = new Set<BackupErrorCode>(["KEY_WRONG", "ARCHIVE_KEY_OR_DAMAGE"]);

/**
 * Reads and authenticates every record of a source, with the key that opens it.
 *
 * Where no manifest names the key, each is tried, the newest first: a wrong one is known by the first record.
 *
 * @throws as `inspectArchive` does
 */
export async function readSource(
  { host, store, clock, journal }: Dependencies,
  archive: Blob,
  { entry, keys }: OpenedSource,
  options: TransferOptions & Pick<RestoreOptions, "unsent">,
): Promise<InspectedArchive> {
  let refusal: unknown;
  const deletions = await readDeletions(journal, { signal: options.signal });
  const readFailure = entry && store.features.local ? "STORE_UNAVAILABLE" : "HOST_FAILED";
  for (const key of keys) {
    try {
      const inspected = await inspectArchive(archive, key, {
        ...options,
        deletions,
        nowMs: clock.now(),
        primitives: host.primitives,
        readFailure,
        ...(entry && { expected: entry.details }),
      });
      const { name } = entry?.details ?? {};
      return { ...inspected, preview: { ...inspected.preview, ...(name !== undefined && { name }) } };
    } catch (error) {
      if (!isBackupError(error) || !mayBeOtherKey.has(error.code)) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}
