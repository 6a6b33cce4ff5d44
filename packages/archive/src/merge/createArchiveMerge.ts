import { RecordCipher } from "../crypto/recordCipher.ts";
import { ArchiveError } from "../model/archiveError.ts";
import type { ArchiveDeletion } from "../model/archiveDeletion.ts";
import type { ArchiveMergeInputReport, ArchiveMergeReport } from "../model/archiveReport.ts";
import type { ArchiveGroup, ArchiveMetadata } from "../model/archiveRecord.ts";
import { toHex } from "../protobuf/hex.ts";
import { decodeRecord, encodeRecord } from "../protobuf/recordCodec.ts";
import type { ArchiveReadOptions, ArchiveWorkOptions } from "../read/archiveReadOptions.ts";
import { missingMetadata } from "../read/missingMetadata.ts";
import { checkKey, HEADER_BYTES, openArchive } from "../read/openArchive.ts";
import { startHash } from "../read/readChunks.ts";
import type { ArchiveGroupValues } from "../restored/groupValues.ts";
import { Pace } from "../util/pace.ts";
import { byteStream } from "../write/byteStream.ts";
import { sealArchive } from "../write/sealArchive.ts";
import { mergedMetadata, newestFirst, oldestFirst, type OrderedInput } from "./mergedMetadata.ts";
import type { ArchiveMergeException } from "./mergeException.ts";
import { MergePlan } from "./mergePlan.ts";
import { MergeTables } from "./mergeTables.ts";
import { PlannedInput } from "./plannedInput.ts";

/** An archive to merge, with its own key. */
export type ArchiveMergeInput = {
  blob: Blob;
  key: Uint8Array;
  /**
   * What is left out of it, since another input knows it better. Such an input counts as older than those without, whatever their dates.
   *
   * @default nothing
   */
  except?: ArchiveMergeException | undefined;
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

type Source = ArchiveMergeInput & OrderedInput & { planned: PlannedInput };

/** Says of which input an error is. */
const ofInput = (error: unknown, inputIndex: number): unknown => {
  if (!ArchiveError.is(error)) return error;
  const { code, shortMessage, byteOffset, recordIndex } = error;
  return new ArchiveError(code, shortMessage, { byteOffset, recordIndex, inputIndex, cause: error });
};

const metadataOf = (bytes: Uint8Array | undefined): ArchiveMetadata => {
  const record = bytes === undefined ? undefined : decodeRecord(bytes);
  if (record?.kind !== "metadata") throw missingMetadata();
  return record.metadata;
};

/**
 * Begins a merge of archives that come one by one, such as the slices of a backup while it is exported. Each archive is read once when
 * it is added and once for the stream. For each message some 70 bytes stay in memory. The result is that of {@link mergeArchives}, in
 * whatever order archives are added.
 *
 * @example
 * ```ts
 * import { createArchiveMerge } from "@xmtp-backup/archive";
 *
 * export const mergeAsTheyCome = async (slices: AsyncIterable<Blob>, sliceKey: Uint8Array, key: Uint8Array) => {
 *   const merging = createArchiveMerge();
 *   for await (const blob of slices) {
 *     const { counts } = await merging.add({ blob, key: sliceKey });
 *     console.log(`${counts.messages} messages`);
 *   }
 *   const { stream } = await merging.finish(key);
 *   return new Response(stream).blob();
 * };
 * ```
 */
export const createArchiveMerge = ({
  leaveOutDeleted: leavesOutDeleted = false,
  leaveOutRefused: leavesOutRefused = false,
  ...options
}: ArchiveMergeStartOptions = {}): ArchiveMerging => {
  const tables = new MergeTables();
  const sources: Source[] = [];
  const reading = new Set<Promise<unknown>>();
  let added = 0;
  let isFinished = false;

  const read = async (
    input: ArchiveMergeInput,
    planned: PlannedInput,
    { signal = options.signal, onProgress, withSha256 = false }: ArchiveMergeAddOptions,
  ): Promise<ArchiveMergeInputReport> => {
    const { blob, key, expectedSha256 } = input;
    const hash = withSha256 || expectedSha256 !== undefined ? startHash(blob, options.primitives) : undefined;
    let metadata: ArchiveMetadata | undefined;
    for await (const { records } of openArchive(blob, key, { ...options, signal, onProgress }, hash)) {
      metadata ??= metadataOf(records[0]);
      for (const bytes of records) planned.add(bytes);
    }
    if (metadata === undefined) throw missingMetadata();
    const sha256 = hash === undefined ? undefined : toHex(await hash.digest());
    if (expectedSha256 !== undefined && sha256 !== expectedSha256) {
      throw new ArchiveError("ARCHIVE_HASH_MISMATCH", "the file is not the expected archive: its hash differs");
    }
    const header = toHex(new Uint8Array(await blob.slice(0, HEADER_BYTES).arrayBuffer()));
    sources.push({ ...input, metadata, header, planned });
    return { metadata, counts: planned.counts, ...(sha256 !== undefined && { sha256 }) };
  };

  const add: ArchiveMerging["add"] = async (input, addOptions = {}) => {
    if (isFinished) throw finished();
    const inputIndex = added++;
    const work = read(input, new PlannedInput(tables, inputIndex, leavesOutRefused, input.except), addOptions);
    reading.add(work);
    try {
      return await work;
    } catch (error) {
      throw ofInput(error, inputIndex);
    } finally {
      reading.delete(work);
    }
  };

  const finish: ArchiveMerging["finish"] = async (newKey, finishOptions = {}) => {
    const { onProgress, deletions = [], restoredValues = () => undefined, signal = options.signal } = finishOptions;
    checkKey(newKey);
    if (isFinished) throw finished();
    isFinished = true;
    await Promise.allSettled(reading);
    if (sources.length === 0) throw new ArchiveError("ARCHIVE_INVALID_RECORD", "there is no archive to merge");
    const cipher = await RecordCipher.create(newKey, options.primitives);
    sources.sort(newestFirst);
    const decisions = { leavesOutDeleted, leavesOutRefused, deletions, restoredValues };
    const inputs = sources.map(({ planned }) => planned);
    const plan = await MergePlan.of(tables, inputs, decisions, new Pace(signal));
    const metadata = mergedMetadata(sources.map((source) => source.metadata));
    const [consent, conversations] = [plan.consentRecords(), plan.conversationRecords()];
    const totalBytes = sources.reduce((total, { blob }) => total + blob.size, 0);

    const plaintexts = async function* () {
      yield [encodeRecord({ kind: "metadata", metadata }), ...consent, ...conversations];
      let startBytes = 0;
      for (const { blob, key, planned } of sources.sort(oldestFirst)) {
        const report: ArchiveWorkOptions["onProgress"] = ({ doneBytes }) => onProgress?.({ doneBytes: startBytes + doneBytes, totalBytes });
        try {
          for await (const { records } of openArchive(blob, key, { ...options, signal, onProgress: report })) {
            yield records.flatMap((bytes) => plan.take(planned, bytes) ?? []);
          }
        } catch (error) {
          throw ofInput(error, planned.number);
        }
        startBytes += blob.size;
      }
    };
    const report = { metadata, consent: consent.length, conversations: conversations.length, ...plan.outcome() };
    return { stream: byteStream(sealArchive(plaintexts(), cipher, signal)), report };
  };

  return { add, finish };
};

const finished = (): ArchiveError => new ArchiveError("ARCHIVE_INVALID_RECORD", "the merge is finished: nothing can be added to it");
