import { compare } from "../util/compare.ts";
import { RecordCipher } from "../crypto/recordCipher.ts";
import { ArchiveError } from "../model/archiveError.ts";
import type { ArchiveDeletion } from "../model/archiveDeletion.ts";
import type { ArchiveMergeReport } from "../model/archiveReport.ts";
import type { ArchiveElement, ArchiveGroup, ArchiveMetadata } from "../model/archiveRecord.ts";
import { toHex } from "../protobuf/hex.ts";
import { decodeRecord, encodeRecord } from "../protobuf/recordCodec.ts";
import { elementNames } from "../protobuf/specs.ts";
import { missingMetadata } from "../read/missingMetadata.ts";
import { type BlobHash, startHash } from "../read/readChunks.ts";
import { checkKey, HEADER_BYTES, openArchive } from "../read/openArchive.ts";
import type { ArchiveReadOptions } from "../read/archiveReadOptions.ts";
import type { ArchiveGroupValues } from "../restored/groupValues.ts";
import { byteStream } from "../write/byteStream.ts";
import { sealArchive } from "../write/sealArchive.ts";
import { type ArchiveMergeException, type LeavesOut, leavesOut } from "./mergeException.ts";
import { MergePlan } from "./mergePlan.ts";

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

/** How to merge archives. */
export type ArchiveMergeOptions = Omit<ArchiveReadOptions, "expectedSha256"> & {
  /**
   * Whether to leave out messages that were deleted for everyone, as far as the archives tell together; what deletes them is kept.
   *
   * @default false
   */
  leaveOutDeleted?: boolean | undefined;
  /**
   * Deletions of other archives, which count with `leaveOutDeleted` as those of these archives do.
   *
   * @default none
   */
  deletions?: readonly ArchiveDeletion[] | undefined;
  /**
   * Whether to leave out records for which importers refuse a whole archive. Those are DMs whose id does not name two inboxes, messages
   * in a DM by somebody else, and records without a kind or a state.
   *
   * @default false
   */
  leaveOutRefused?: boolean | undefined;
  /**
   * What is known of a conversation whose record is a placeholder of a restore (docs/sdk-facts.md#restored-values). What is returned is
   * written in place of that; nothing else of the record changes.
   *
   * @default what an older one of the archives says
   */
  restoredValues?: ((group: ArchiveGroup) => ArchiveGroupValues | undefined) | undefined;
};

type Source = ArchiveMergeInput & { input: number; metadata: ArchiveMetadata; header: string; leavesOut: LeavesOut };

/** Reads an input; its errors say which one it is. */
async function* openInput({ blob, key }: ArchiveMergeInput, inputIndex: number, options: ArchiveReadOptions, hash?: BlobHash) {
  try {
    yield* openArchive(blob, key, options, hash);
  } catch (error) {
    if (!ArchiveError.is(error)) throw error;
    const { code, shortMessage, byteOffset, recordIndex } = error;
    throw new ArchiveError(code, shortMessage, { byteOffset, recordIndex, inputIndex, cause: error });
  }
}

const readSource = async (archive: ArchiveMergeInput, input: number, options: ArchiveReadOptions): Promise<Source> => {
  for await (const { records } of openInput(archive, input, options)) {
    const record = decodeRecord(records[0] as Uint8Array);
    if (record.kind !== "metadata") break;
    const header = toHex(new Uint8Array(await archive.blob.slice(0, HEADER_BYTES).arrayBuffer()));
    return { ...archive, input, metadata: record.metadata, header, leavesOut: leavesOut(archive.except) };
  }
  throw missingMetadata();
};

const least = -(2n ** 63n);

/** The random nonce settles what times do not, so that the order in which the inputs are given never does. */
const byNonce = (a: Source, b: Source): number => compare(a.header, b.header) || compare(a.blob.size, b.blob.size);

/** An input of which parts are left out knows less than the others, whatever the clock said when it was exported. */
const newestFirst = (a: Source, b: Source): number =>
  Number(a.except !== undefined) - Number(b.except !== undefined) ||
  compare(b.metadata.exportedAtNs, a.metadata.exportedAtNs) ||
  byNonce(a, b);

const oldestFirst = (a: Source, b: Source): number =>
  compare(a.metadata.startNs ?? least, b.metadata.startNs ?? least) ||
  compare(a.metadata.exportedAtNs, b.metadata.exportedAtNs) ||
  byNonce(a, b);

const mergeMetadata = (sources: readonly Source[]): ArchiveMetadata => {
  const all = sources.map(({ metadata }) => metadata);
  const newest = all[0] as ArchiveMetadata;
  const bound = (times: (bigint | undefined)[], sign: number) =>
    times.includes(undefined) ? undefined : (times as bigint[]).sort((a, b) => sign * compare(a, b))[0];
  const startNs = bound(
    all.map((metadata) => metadata.startNs),
    1,
  );
  const endNs = bound(
    all.map((metadata) => metadata.endNs),
    -1,
  );
  const elements = new Set<ArchiveElement>(all.flatMap((metadata) => metadata.elements));
  return {
    elements: [...elementNames.filter((name) => elements.delete(name)), ...Array.from(elements).sort()],
    exportedAtNs: newest.exportedAtNs,
    ...(startNs === undefined ? {} : { startNs }),
    ...(endNs === undefined ? {} : { endNs }),
    ...(newest.unknownFields === undefined ? {} : { unknownFields: newest.unknownFields }),
  };
};

/**
 * Merges archives of one inbox into one: consent records, then conversations, then messages, oldest archive first.
 *
 * Each message is written once. Of a conversation or a message that several archives hold, the copy of the newest export
 * is kept, of consent the newest decision. Where that copy is a placeholder of a restored conversation, an older one says who created it
 * and who its admins are. Messages without a conversation in any of the archives are left out and reported. The result is the same in
 * whatever order the archives are given. Every archive is read through once before the promise settles, and again for the stream; for
 * each message some 50 bytes stay in memory.
 *
 * @throws as {@link validateArchive} does, with the `inputIndex` of the archive.
 *
 * @example
 * ```ts
 * import { mergeArchives } from "@xmtp-backup/archive";
 *
 * export const merge = async (slices: Blob[], key: Uint8Array) => {
 *   const { stream, report } = await mergeArchives(slices.map((blob) => ({ blob, key })), key);
 *   console.log(`${report.messages} messages`);
 *   return new Response(stream).blob();
 * };
 * ```
 */
export const mergeArchives = async (
  archives: readonly ArchiveMergeInput[],
  newKey: Uint8Array,
  { leaveOutDeleted = false, deletions = [], leaveOutRefused = false, restoredValues, ...options }: ArchiveMergeOptions = {},
): Promise<ArchiveMerge> => {
  checkKey(newKey);
  const { onProgress, ...rest } = options;
  const sources = await Promise.all(archives.map((archive, input) => readSource(archive, input, rest)));
  if (sources.length === 0) throw new ArchiveError("ARCHIVE_INVALID_RECORD", "there is no archive to merge");
  const totalBytes = 2 * sources.reduce((total, { blob }) => total + blob.size, 0);
  let startBytes = 0;
  const records = async function* (source: Source, hash?: BlobHash) {
    const report = (doneBytes: number) => onProgress?.({ doneBytes: startBytes + doneBytes, totalBytes });
    yield* openInput(source, source.input, { ...rest, onProgress: ({ doneBytes }) => report(doneBytes) }, hash);
    startBytes += source.blob.size;
  };

  const cipher = await RecordCipher.create(newKey, rest.primitives);
  const plan = new MergePlan({ deleted: leaveOutDeleted, refused: leaveOutRefused }, restoredValues);
  for (const source of sources.sort(newestFirst)) {
    const hash = source.expectedSha256 === undefined ? undefined : startHash(source.blob, rest.primitives);
    for await (const batch of records(source, hash)) {
      for (const bytes of batch.records) plan.add(source.input, bytes, source.leavesOut);
    }
    if (hash !== undefined && toHex(await hash.digest()) !== source.expectedSha256) {
      const message = "the file is not the expected archive: its hash differs";
      throw new ArchiveError("ARCHIVE_HASH_MISMATCH", message, { inputIndex: source.input });
    }
  }
  plan.settle(deletions);
  const metadata = mergeMetadata(sources);
  const consent = plan.consentRecords();
  const conversations = plan.conversationRecords();
  const plaintexts = async function* () {
    yield [encodeRecord({ kind: "metadata", metadata }), ...consent, ...conversations];
    for (const source of sources.sort(oldestFirst)) {
      for await (const batch of records(source)) {
        yield batch.records.flatMap((bytes) => (plan.take(source.input, bytes, source.leavesOut) ? [plan.scan.bytes] : []));
      }
    }
  };
  const report = {
    metadata,
    consent: consent.length,
    conversations: conversations.length,
    ...plan.outcome(),
    duplicateMessages: plan.duplicateMessages,
    unreadableRecords: plan.unreadableRecords,
    refusedRecords: plan.refusedRecords,
  };
  return { stream: byteStream(sealArchive(plaintexts(), cipher, rest.signal)), report };
};
