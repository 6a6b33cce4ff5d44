import { ArchiveError, type ArchiveMergeException, createArchiveMerge } from "@xmtp-backup/archive";
import type { Host, TemporaryArchive } from "../ports/host.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { BackupError } from "../errors/backupError.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import type { ArchiveDetails } from "./archiveEntry.ts";
import { generateArchiveKey } from "./archiveKey.ts";
import { toBackupArchiveError, type ReadFailure } from "./toBackupArchiveError.ts";

/** One archive of a restore point, as its manifest describes it. */
export type PointPart = { id: ArchiveId; details: Pick<ArchiveDetails, "sha256" | "increment">; blob: Blob };

/** A restore point as one archive, under a key of its own, which is to be overwritten after use. */
export type JoinedPoint = {
  archive: TemporaryArchive;
  key: Uint8Array;
  /** When messages of a conversation were sent that are left out, since somebody deleted them for everyone. */
  deleted: ReadonlyMap<string, bigint[]>;
};

export type JoinPointOptions = CallOptions & {
  onProgress?: (doneBytes: number) => void;
  /** What it means when the bytes can't be read. @default "HOST_FAILED" */
  readFailure?: ReadFailure | undefined;
  /** The key of what is made. @default a new one */
  joinedKey?: Uint8Array;
};

/**
 * Joins the archives of a restore point into one temporary archive. Each must be the one that its manifest names.
 *
 * It holds what a whole archive of that time would: of each archive all but what a later one replaces.
 *
 * @param parts - the whole archive first, then each increment
 * @param key - of all of them
 *
 * @throws ARCHIVE_DAMAGED when an archive is not the one that was stored, or a record of it is not authentic
 */
export async function joinPoint(
  { primitives, spool }: Pick<Host, "primitives" | "spool">,
  parts: readonly PointPart[],
  key: Uint8Array,
  { signal, onProgress, readFailure, joinedKey = generateArchiveKey() }: JoinPointOptions = {},
): Promise<JoinedPoint> {
  const merge = createArchiveMerge({ primitives, signal, leaveOutDeleted: true, leaveOutRefused: true });
  let startBytes = 0;
  const progress = ({ doneBytes }: { doneBytes: number }) => onProgress?.(startBytes + doneBytes);
  try {
    for (const [index, { details, blob }] of parts.entries()) {
      const except = parts.slice(index + 1).flatMap(({ details: later }) => exceptionOf(later));
      await merge.add({ blob, key, expectedSha256: details.sha256, ...(except.length > 0 && { except }) }, { onProgress: progress });
      startBytes += blob.size;
    }
    const { stream, report } = await merge.finish(joinedKey, { onProgress: progress });
    const deleted = new Map(report.deleted.map(({ id, sentNs }) => [id, sentNs]));
    return { archive: await spool(stream, { signal }), key: joinedKey, deleted };
  } catch (error) {
    joinedKey.fill(0);
    signal?.throwIfAborted();
    throw ArchiveError.is(error) ? ofPart(toBackupArchiveError(error, readFailure), parts[error.inputIndex ?? -1]?.id) : error;
  }
}

/** The same failure, which says of which archive of the point it is. */
export function ofPart({ code, shortMessage, details, cause }: BackupError, archiveId: ArchiveId | undefined): BackupError {
  const which = archiveId === undefined ? [] : [`It is archive ${archiveId}.`];
  return new BackupError(code, shortMessage, { details: [details ?? [], which].flat().join(" "), archiveId, cause });
}

/** What an increment leaves out of each archive before it. */
function exceptionOf({ increment }: PointPart["details"]): ArchiveMergeException[] {
  if (!increment) return [];
  const { replaces, butOf, replacesConsent = false } = increment;
  return [{ consent: replacesConsent, sentIn: replaces, ...(butOf && { butOf: new Set(butOf) }) }];
}
