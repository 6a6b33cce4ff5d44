import { RecordCipher } from "../crypto/recordCipher.ts";
import { ArchiveError } from "../model/archiveError.ts";
import type { ArchiveMergeInputReport } from "../model/archiveReport.ts";
import type { ArchiveMetadata } from "../model/archiveRecord.ts";
import { toHex } from "../protobuf/hex.ts";
import { decodeRecord, encodeRecord } from "../protobuf/recordCodec.ts";
import type { ArchiveWorkOptions } from "../read/archiveReadOptions.ts";
import { missingMetadata } from "../read/missingMetadata.ts";
import { checkKey, HEADER_BYTES, openArchive } from "../read/openArchive.ts";
import { startHash } from "../read/readChunks.ts";
import { Pace } from "../util/pace.ts";
import { byteStream } from "../write/byteStream.ts";
import { sealArchive } from "../write/sealArchive.ts";
import type { ArchiveMergeAddOptions, ArchiveMergeInput, ArchiveMergeStartOptions, ArchiveMerging } from "./archiveMergeOptions.ts";
import { mergedMetadata, newestFirst, oldestFirst, type OrderedInput } from "./mergedMetadata.ts";
import { MergePlan } from "./mergePlan.ts";
import { MergeTables } from "./mergeTables.ts";
import { PlannedInput } from "./plannedInput.ts";

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
    const consent = plan.consentRecords();
    const conversations = await plan.conversationRecords();
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
