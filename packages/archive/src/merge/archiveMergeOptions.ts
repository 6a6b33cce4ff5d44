import type { ArchiveDeletion } from "../model/archiveDeletion.ts";
import type { ArchiveGroup } from "../model/archiveRecord.ts";
import type { ArchiveMergeInputReport, ArchiveMergeReport } from "../model/archiveReport.ts";
import type { ArchiveReadOptions, ArchiveWorkOptions } from "../read/archiveReadOptions.ts";
import type { ArchiveGroupValues } from "../restored/groupValues.ts";
import type { ArchiveMergeException } from "./mergeException.ts";

/** An archive to merge, with its own key. */
export type ArchiveMergeInput = {
  blob: Blob;
  key: Uint8Array;
  /**
   * What is left out of it, since another input knows it better: all that any of these names. Such an input counts as older than those
   * with fewer exceptions, whatever their dates.
   *
   * @default nothing
   */
  except?: ArchiveMergeException | readonly ArchiveMergeException[] | undefined;
  /** Its SHA-256 as lower-case hex. A file of another hash is refused before the promise settles. @default not compared */
  expectedSha256?: string | undefined;
};

export type ArchiveMerge = {
  /** The merged archive, import-safe, made at the pace of its reader. */
  stream: ReadableStream<Uint8Array>;
  report: ArchiveMergeReport;
};

/** How to read the archives of a merge, and what it leaves out. */
export type ArchiveMergeStartOptions = Omit<ArchiveReadOptions, "expectedSha256" | "onProgress"> & {
  /**
   * Whether to leave out messages that were deleted for everyone, as far as the archives tell together; what deletes them is kept.
   *
   * @default false
   */
  leaveOutDeleted?: boolean | undefined;
  /**
   * Whether to leave out records for which importers refuse a whole archive. Those are DMs whose id does not name two inboxes, messages
   * in a DM by somebody else, and records without a kind or a state.
   *
   * @default false
   */
  leaveOutRefused?: boolean | undefined;
};

/** What a merge takes into account once all of its archives are known. */
export type ArchiveMergeFinishOptions = Pick<ArchiveWorkOptions, "onProgress"> & {
  /**
   * Stops the rest of the work, which then rejects with the signal's reason.
   *
   * @default the signal of the reading
   */
  signal?: AbortSignal | undefined;
  /**
   * Deletions of other archives, which count with `leaveOutDeleted` as those of these archives do.
   *
   * @default none
   */
  deletions?: readonly ArchiveDeletion[] | undefined;
  /**
   * What is known of a conversation whose record is a placeholder of a restore (docs/sdk-facts.md#restored-values). What is returned is
   * written in place of that; nothing else of the record changes.
   *
   * @default what an older one of the archives says
   */
  restoredValues?: ((group: ArchiveGroup) => ArchiveGroupValues | undefined) | undefined;
};

/** How to read one archive of a merge. */
export type ArchiveMergeAddOptions = Pick<ArchiveWorkOptions, "signal" | "onProgress"> & {
  /**
   * Whether the report has the hash of the file.
   *
   * @default false, unless one is expected
   */
  withSha256?: boolean | undefined;
};

/** A merge whose archives come one by one, in any order. */
export type ArchiveMerging = {
  /**
   * Reads an archive through, authenticates every record of it, and takes it into the merge. Several may be read at the same time. An
   * archive that fails is not part of the merge, which goes on without it. Its file must stay until the stream of the merge has ended.
   *
   * @param options - a `signal` in place of that of the merge, and `withSha256` for the hash of the file in the report
   *
   * @throws as {@link validateArchive} does, with the `inputIndex` of the archive: how many were added before it.
   */
  add(input: ArchiveMergeInput, options?: ArchiveMergeAddOptions): Promise<ArchiveMergeInputReport>;
  /**
   * Ends the adding and waits for archives that are being read. It is called once, and nothing can be added afterwards.
   *
   * @param newKey - the 32 bytes of the merged archive's key
   * @throws ARCHIVE_INVALID_KEY when the key is not 32 bytes.
   * @throws ARCHIVE_INVALID_RECORD when there is no archive to merge, or when the merge was finished before.
   */
  finish(newKey: Uint8Array, options?: ArchiveMergeFinishOptions): Promise<ArchiveMerge>;
};
