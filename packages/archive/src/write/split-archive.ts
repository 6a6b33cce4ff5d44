import type { ArchiveReport } from "../model/report.ts";
import { decodeRecord } from "../protobuf/record-codec.ts";
import { ELEMENT } from "../protobuf/scan.ts";
import { missingMetadata } from "../read/missing-metadata.ts";
import { checkKey, openArchive } from "../read/open-archive.ts";
import type { ArchiveReadOptions } from "../read/options.ts";
import { ArchiveSurvey, type SurveyedConversation } from "../survey/archive-survey.ts";
import { surveyReport } from "../survey/report.ts";
import { FRAMING_BYTES } from "./lead-planner.ts";
import { sealArchive } from "./seal-archive.ts";
import { joinBytes } from "./stored-frame.ts";

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

/** The chunks, and what the archive holds: `report.importable` is what all chunks together bring back. */
export type ArchiveSplit = {
  report: Omit<ArchiveReport, "version" | "isLegacy" | "sizeBytes" | "sha256">;
  /** Made one by one, as they are asked for. */
  chunks: AsyncIterable<ArchiveChunk>;
};

/** The records of the next chunk. */
class Draft {
  readonly metadata: Uint8Array;
  consent: Uint8Array[] = [];
  messages: Uint8Array[] = [];
  conversations = new Set<SurveyedConversation>();
  bytes = 0;

  constructor(metadata: Uint8Array) {
    this.metadata = metadata;
  }

  add(list: Uint8Array[], record: Uint8Array): void {
    list.push(record);
    this.bytes += record.length + FRAMING_BYTES;
  }

  carry(conversation: SurveyedConversation): void {
    if (this.conversations.has(conversation)) return;
    this.conversations.add(conversation);
    this.bytes += (conversation.bytes as Uint8Array).length + FRAMING_BYTES;
  }

  *records(): Generator<Uint8Array, void, void> {
    yield this.metadata;
    yield* this.consent;
    for (const { bytes } of this.conversations) yield bytes as Uint8Array;
    yield* this.messages;
  }
}

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
  let metadata: Uint8Array | undefined;
  for await (const { records } of openArchive(blob, key, options)) {
    for (const bytes of records) survey.add(bytes);
    metadata ??= records[0]?.slice();
  }
  if (metadata === undefined) throw missingMetadata();
  return { report: surveyReport(survey), chunks: makeChunks(blob, key, options, survey, metadata) };
};

async function* makeChunks(
  blob: Blob,
  key: Uint8Array,
  options: ArchiveSplitOptions,
  survey: ArchiveSurvey,
  metadata: Uint8Array,
): AsyncGenerator<ArchiveChunk, void, void> {
  const { chunkKey, messagesPerChunk = 1000, maxChunkBytes = 4_194_304, firstChunk = 0, signal, primitives } = options;
  let index = 0;
  let doneMessages = 0;
  let draft = new Draft(metadata);

  const finish = async (): Promise<ArchiveChunk | undefined> => {
    const { consent, conversations, messages } = draft;
    doneMessages += messages.length;
    let chunk: ArchiveChunk | undefined;
    if (index >= firstChunk) {
      const parts: Uint8Array[] = [];
      for await (const part of sealArchive(draft.records(), chunkKey, { signal, primitives })) parts.push(part);
      const counts = { consent: consent.length, conversations: conversations.size, messages: messages.length };
      chunk = { index, bytes: joinBytes(parts), ...counts, doneMessages };
    }
    index++;
    draft = new Draft(metadata);
    return chunk;
  };
  const isFull = (count: number) => count >= messagesPerChunk || draft.bytes >= maxChunkBytes;

  // Consent may stand after the messages; it comes first.
}
