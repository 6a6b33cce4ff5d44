import { RecordCipher } from "../crypto/recordCipher.ts";
import { toHex } from "../protobuf/hex.ts";
import { decodeRecord, encodeRecord } from "../protobuf/recordCodec.ts";
import { ELEMENT } from "../protobuf/recordScan.ts";
import { checkKey, openArchive } from "../read/openArchive.ts";
import type { ArchiveReadOptions } from "../read/archiveReadOptions.ts";
import { release } from "../util/release.ts";
import type { ArchiveSurvey, SurveyedConversation } from "../survey/archiveSurvey.ts";
import { isImportableMessage } from "../survey/importableRecords.ts";
import type { LeftOut } from "../visible/decideLeftOut.ts";
import { ByteArena } from "./byteArena.ts";
import { ChunkDraft } from "./chunkDraft.ts";

/** How to make chunks. */
export type ArchiveChunkOptions = {
  /** The 32 bytes that seal the chunks, made for this purpose alone and forgotten afterwards. */
  chunkKey: Uint8Array;
  /**
   * Most messages in a chunk, those that are left out included, and most consent records or conversations in a chunk of those.
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
  /** Stops the work, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
};

/** One small archive, sealed with the chunk key, that can be imported alone after those before it. */
export type ArchiveChunk = {
  index: number;
  bytes: Uint8Array<ArrayBuffer>;
  consent: number;
  /** Conversations that it brings; one whose messages fill several chunks is in the first of them. */
  conversations: number;
  /** The ids of these conversations, as lower-case hex. */
  conversationIds: string[];
  messages: number;
  /** Messages in this and all chunks before it. */
  doneMessages: number;
  /** Gives the memory of `bytes` back at once, where the engine can; who does not call it leaves that to the garbage collector. */
  release(): void;
};

const ARENA_PAGE_BYTES = 262_144;

/** Cuts a surveyed archive into chunks; see {@link splitArchive}. The survey must have kept its records. */
export async function* makeChunks(
  blob: Blob,
  key: Uint8Array,
  options: ArchiveReadOptions & ArchiveChunkOptions,
  survey: ArchiveSurvey,
  leftOut: LeftOut,
): AsyncGenerator<ArchiveChunk, void, void> {
  const { messagesPerChunk = 1000, maxChunkBytes = 4_194_304, firstChunk = 0, chunkKey, ...rest } = options;
  checkKey(chunkKey);
  const { scan, messageIds, kept } = survey;
  const metadata = kept.metadata as Uint8Array;
  /** The value beside a message's id is the number of the run that took it. */
  const run = ++survey.runs;
  const carried = new Set<SurveyedConversation>();
  const cipher = await RecordCipher.create(chunkKey, rest.primitives);
  let index = 0;
  let doneMessages = 0;
  const arena = new ByteArena(ARENA_PAGE_BYTES);
  let draft = new ChunkDraft(metadata, arena, carried);
  const isFull = (count: number) => count >= messagesPerChunk || draft.bytes >= maxChunkBytes;
  /** Ends the chunk. Only a chunk that somebody asks for is sealed. */
  const finish = async function* (): AsyncGenerator<ArchiveChunk, void, void> {
    const done = draft;
    draft = new ChunkDraft(metadata, arena, carried);
    const messages = done.messageCount;
    doneMessages += messages;
    const bytes = index++ < firstChunk ? undefined : await done.seal(cipher, rest.signal);
    arena.clear();
    if (bytes === undefined) return;
    const conversationIds = done.conversations.map(({ id }) => toHex(id));
    const counts = { consent: done.consent.length, conversations: conversationIds.length, conversationIds, messages };
    yield { index: index - 1, bytes, ...counts, doneMessages, release: () => release(bytes) };
  };

  for (const record of kept.consent) {
    draft.addConsent(record);
    if (isFull(draft.consent.length)) yield* finish();
  }
  for await (const { records } of openArchive(blob, key, { ...rest, onProgress: undefined })) {
    for (const bytes of records) {
      scan.scan(bytes);
      if (scan.element !== ELEMENT.message) continue;
      const id = messageIds.find(scan.bytes, scan.idStart, scan.idEnd);
      const isFirst = messageIds.value(id) !== run;
      messageIds.setValue(id, run);
      const conversation = survey.placeOf(scan);
      if (!isFirst || conversation === undefined || !isImportableMessage(scan)) continue;
      if (leftOut.reasonOf(id) !== undefined) draft.leaveOut(scan.bytes, conversation);
      else draft.addMessage(survey.facts.isUnsent(id) ? markFailed(scan.bytes) : scan.bytes, conversation);
      if (isFull(draft.taken)) yield* finish();
    }
  }
  let silent = 0;
  for (const conversation of survey.conversations) {
    if (!conversation.isPlaceable || conversation.isOdd || conversation.messageCount > 0) continue;
    draft.carry(conversation);
    if (!isFull(++silent)) continue;
    yield* finish();
    silent = 0;
  }
  if (index === 0 || !draft.isEmpty) yield* finish();
}

/** A message that was never sent looks as if it were on its way, for ever, unless it is marked. */
const markFailed = (bytes: Uint8Array): Uint8Array => {
  const record = decodeRecord(bytes);
  return record.kind === "message" ? encodeRecord({ ...record, message: { ...record.message, deliveryStatus: "failed" } }) : bytes;
};
