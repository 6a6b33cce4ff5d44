import { compare } from "../util/compare.ts";
import type { ArchivePreviewConversation } from "../model/archiveReport.ts";
import { Pace } from "../util/pace.ts";
import { toHex } from "../protobuf/hex.ts";
import type { RecordScan } from "../protobuf/recordScan.ts";
import { ArchiveSurvey } from "../survey/archiveSurvey.ts";
import { decisionsOf, describeSurvey } from "../visible/describeSurvey.ts";
import { surveyArchive } from "../survey/surveyArchive.ts";
import { decideLeftOut, type ShownOptions } from "../visible/decideLeftOut.ts";
import { checkKey } from "../read/openArchive.ts";
import type { ArchiveReadOptions } from "../read/archiveReadOptions.ts";
import { byteStream } from "../write/byteStream.ts";
import { htmlTranscript } from "./htmlTranscript.ts";
import { jsonlTranscript } from "./jsonlTranscript.ts";
import { sortedMessages } from "./sortedMessages.ts";
import { describeContent } from "./transcriptContent.ts";
import type { TranscriptNames } from "./transcriptWriter.ts";

/** How to export a transcript. */
export type TranscriptOptions = Omit<ArchiveReadOptions, "onProgress"> &
  Pick<ShownOptions, "nowNs" | "deletions"> & {
    /**
     * Names to show for inbox ids.
     *
     * @default none
     */
    names?: TranscriptNames | undefined;
    /**
     * Memory for messages that are being sorted, in bytes; the archive is read once for each time that they fill it.
     *
     * @default 16777216
     */
    memoryBytes?: number | undefined;
  };

/** Parts of this many characters are encoded at a time. */
const PART_LENGTH = 65_536;

const formats = { jsonl: jsonlTranscript, html: htmlTranscript };

/**
 * Exports what an archive says as text: a person's own copy, to read without any XMTP app. Conversations stand by the
 * time of their first message, messages by time; messages without a conversation in the archive are included. What was deleted for
 * everyone or has disappeared is left out, as a restore does. Messages that were never sent are marked.
 *
 * `html` is one page that loads nothing and runs nothing. `jsonl` is one JSON value a line: first the archive, then each conversation
 * followed by its messages. Texts of other people are escaped in both. A transcript is not encrypted. The stream fails with the errors of
 * {@link validateArchive}.
 *
 * @throws ARCHIVE_INVALID_KEY when the key is not 32 bytes.
 *
 * @example
 * ```ts
 * import { exportTranscript } from "@xmtp-backup/archive";
 *
 * export const toPage = (archive: Blob, key: Uint8Array) => new Response(exportTranscript(archive, key, "html")).text();
 * ```
 */
export const exportTranscript = (
  blob: Blob,
  key: Uint8Array,
  format: "jsonl" | "html",
  options: TranscriptOptions = {},
): ReadableStream<Uint8Array> => {
  checkKey(key);
  return byteStream(transcriptParts(blob, key, format, options));
};

const unknownConversation = (id: string): ArchivePreviewConversation => ({
  id,
  type: "unspecified",
  name: "",
  description: "",
  imageUrl: "",
  memberInboxIds: [],
  createdAtNs: 0n,
  consent: "unknown",
  messageCount: 0,
});

const startNs = ({ firstMessageNs, createdAtNs }: ArchivePreviewConversation): bigint => firstMessageNs ?? createdAtNs;

async function* transcriptParts(
  blob: Blob,
  key: Uint8Array,
  format: "jsonl" | "html",
  { names = {}, memoryBytes = 16_777_216, ...options }: TranscriptOptions,
): AsyncGenerator<Uint8Array, void, void> {
  const writer = formats[format]();
  const survey = new ArchiveSurvey(true);
  const report = await surveyArchive(blob, key, options, survey);
  const leftOut = await decideLeftOut(survey, { ...options, unsent: "keep" }, "keep");
  const decisions = await decisionsOf(survey, options.signal);
  const preview = await describeSurvey(survey, decisions, leftOut, report, { signal: options.signal, withOddDms: true });
  const conversations = [...preview.conversations].sort((a, b) => compare(startNs(a), startNs(b)));
  const ranks = new Map(conversations.map(({ id }, rank) => [id, rank]));
  const rankOf = (id: Uint8Array): number => {
    const hex = toHex(id);
    const rank = ranks.get(hex) ?? conversations.push(unknownConversation(hex)) - 1;
    ranks.set(hex, rank);
    return rank;
  };

  const isShown = ({ bytes, idStart, idEnd }: RecordScan): boolean =>
    leftOut.reasonOf(survey.messageIds.find(bytes, idStart, idEnd)) === undefined;

  const pace = new Pace(options.signal);
  const encoder = new TextEncoder();
  let text = writer.start(preview, names);
  let current = -1;
  /** Ends the conversation before, and opens all up to this one: those without messages too. */
  const moveTo = (rank: number): string => {
    let moved = "";
    while (current < rank) {
      if (current >= 0) moved += writer.endConversation();
      moved += writer.conversation(conversations[++current] as ArchivePreviewConversation);
    }
    return moved;
  };
  for await (const { rank, message } of sortedMessages(blob, key, options, rankOf, isShown, memoryBytes)) {
    text += moveTo(rank) + writer.message(message, describeContent(message.content));
    await pace.rest();
    if (text.length < PART_LENGTH) continue;
    yield encoder.encode(text);
    text = "";
  }
  text += moveTo(conversations.length - 1);
  if (current >= 0) text += writer.endConversation();
  yield encoder.encode(text + writer.end());
}
