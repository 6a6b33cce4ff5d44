import { RecordCipher } from "../crypto/record-cipher.ts";
import type { ArchiveReport } from "../model/report.ts";
import { ELEMENT } from "../protobuf/scan.ts";
import { missingMetadata } from "../read/missing-metadata.ts";
import { checkKey, openArchive } from "../read/open-archive.ts";
import type { ArchiveReadOptions } from "../read/options.ts";
import { ArchiveSurvey } from "../survey/archive-survey.ts";
import { isImportableMessage } from "../survey/importability.ts";
import { surveyReport } from "../survey/report.ts";
import { ByteArena } from "./byte-arena.ts";
import { ChunkDraft } from "./chunk-draft.ts";

/** How to cut an archive into chunks. */
export type ArchiveSplitOptions = ArchiveReadOptions & {
  /** The 32 bytes that seal the chunks, made for this purpose alone and forgotten afterwards. */
  chunkKey: Uint8Array;
  /**
   * Most messages in a chunk, and most consent records or conversations in a chunk of those.
   *
   * @default 1000
   */
  messagesPerChunk?: number | undefined;
  /**
   * Size at which a chunk is closed, in bytes; only a single larger record makes a chunk larger.
   *
   * @default 4194304
   */
  maxChunkBytes?: number | undefined;
  /**
   * The first chunk to make, to go on after an interruption: the same archive and options give the same chunks.
   *
   * @default 0
   */
  firstChunk?: number | undefined;
};

/** One small archive, sealed with the chunk key, that can be imported by itself after those before it. */
export type ArchiveChunk = {
  index: number;
  bytes: Uint8Array;
  consent: number;
  /** Conversations that it carries; those whose messages fill several chunks are in each of them. */
  conversations: number;
  messages: number;
  /** Messages in this and all chunks before it. */
  doneMessages: number;
};

const ARENA_PAGE_BYTES = 262_144;

/** The chunks, and what the archive holds: `report.importable` is what all chunks together bring back. */
export type ArchiveSplit = {
  report: Omit<ArchiveReport, "version" | "isLegacy" | "sizeBytes" | "sha256">;
  /** Made one by one, as they are asked for. */
  chunks: AsyncIterable<ArchiveChunk>;
};

/**
 * Cuts an archive into small import-safe archives that are imported in order: the consent records first, each message
 * with its conversation before it, conversations without messages last. Imported whole, they bring back what the
 * archive holds; between two of them an import can report progress, be cancelled, and go on after a crash.
 *
 * The archive is read through once before the promise settles, and again for the chunks. Orphans, duplicates and records
 * at which an SDK would stop are left out, and counted in the report.
 *
 * @throws as {@link validateArchive} does.
 *
 * @example
 * ```ts
 * import { splitArchive } from "@xmtp-backup/archive";
 *
 * export const importAll = async (archive: Blob, key: Uint8Array, importOne: (bytes: Uint8Array, key: Uint8Array) => Promise<void>) => {
 *   const chunkKey = crypto.getRandomValues(new Uint8Array(32));
 *   const { report, chunks } = await splitArchive(archive, key, { chunkKey });
 *   for await (const chunk of chunks) {
 *     await importOne(chunk.bytes, chunkKey);
 *     console.log(`${chunk.doneMessages} of ${report.importable.messages}`);
 *   }
 * };
 * ```
 */
export const splitArchive = async (blob: Blob, key: Uint8Array, options: ArchiveSplitOptions): Promise<ArchiveSplit> => {
  checkKey(options.chunkKey);
  const survey = new ArchiveSurvey(true);
  const consent: Uint8Array[] = [];
  let metadata: Uint8Array | undefined;
  for await (const { records } of openArchive(blob, key, options)) {
    for (const bytes of records) {
      const verdict = survey.add(bytes);
      metadata ??= bytes.slice();
      if (verdict === "keep" && survey.scan.element === ELEMENT.consent) consent.push(bytes.slice());
    }
  }
  if (metadata === undefined) throw missingMetadata();
  return { report: surveyReport(survey), chunks: makeChunks(blob, key, options, survey, metadata, consent) };
};

async function* makeChunks(
  blob: Blob,
  key: Uint8Array,
  options: ArchiveSplitOptions,
  survey: ArchiveSurvey,
  metadata: Uint8Array,
  consent: readonly Uint8Array[],
): AsyncGenerator<ArchiveChunk, void, void> {
  const { messagesPerChunk = 1000, maxChunkBytes = 4_194_304, firstChunk = 0, chunkKey, ...rest } = options;
  const { scan, messageIds } = survey;
  const cipher = await RecordCipher.create(chunkKey, rest.primitives);
  let index = 0;
  let doneMessages = 0;
  const arena = new ByteArena(ARENA_PAGE_BYTES);
  let draft = new ChunkDraft(metadata, arena);
  const isFull = (count: number) => count >= messagesPerChunk || draft.bytes >= maxChunkBytes;
  /** Ends the chunk; one that is not asked for is not sealed. */
  const finish = async function* (): AsyncGenerator<ArchiveChunk, void, void> {
    const done = draft;
    draft = new ChunkDraft(metadata, arena);
    doneMessages += done.messages.length;
    const bytes = index++ < firstChunk ? undefined : await done.seal(cipher, rest.signal);
    arena.clear();
    if (bytes === undefined) return;
    const counts = { consent: done.consent.length, conversations: done.conversations.size, messages: done.messages.length };
    yield { index: index - 1, bytes, ...counts, doneMessages };
  };

  for (const record of consent) {
    draft.addConsent(record);
    if (isFull(draft.consent.length)) yield* finish();
  }
  for await (const { records } of openArchive(blob, key, { ...rest, onProgress: undefined })) {
    for (const bytes of records) {
      scan.scan(bytes);
      if (scan.element !== ELEMENT.message) continue;
      const id = messageIds.find(scan.bytes, scan.idStart, scan.idEnd);
      const isFirst = messageIds.value(id) === 0;
      messageIds.setValue(id, 1);
      const conversation = survey.placeOf(scan);
      if (!isFirst || conversation === undefined || !isImportableMessage(scan)) continue;
      draft.addMessage(scan.bytes, conversation);
      if (isFull(draft.messages.length)) yield* finish();
    }
  }
  let silent = 0;
  for (const conversation of survey.conversations) {
    if (!conversation.isPlaceable || conversation.messageCount > 0) continue;
    draft.carry(conversation);
    if (!isFull(++silent)) continue;
    yield* finish();
    silent = 0;
  }
  if (index === 0 || !draft.isEmpty) yield* finish();
}
