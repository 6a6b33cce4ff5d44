import type { ArchiveDeletion } from "../model/archiveDeletion.ts";
import type { ArchiveConsent } from "../model/archiveRecord.ts";
import type { ArchivePreview, ArchiveReport } from "../model/archiveReport.ts";
import { ArchiveSurvey } from "../survey/archiveSurvey.ts";
import { decisionsOf, describeSurvey } from "../visible/describeSurvey.ts";
import { surveyArchive } from "../survey/surveyArchive.ts";
import { toArchiveDeletions } from "../visible/deletions.ts";
import { decideLeftOut, type ShownOptions } from "../visible/decideLeftOut.ts";
import { sentTimesOf } from "../visible/sentTimesOf.ts";
import { type ArchiveChunk, type ArchiveChunkOptions, makeChunks } from "../write/makeChunks.ts";
import type { ArchiveReadOptions } from "../read/archiveReadOptions.ts";

/** A sound archive, and what can be done with it without judging it again. */
export type ArchiveInspection = {
  /** What {@link validateArchive} tells. */
  report: ArchiveReport;
  /** What {@link previewArchive} tells; nothing is read again. */
  preview(): Promise<ArchivePreview>;
  /** What the user decided about conversations and people: of each the newest record. */
  decisions(): ArchiveConsent[];
  /** When the messages that a restore brings back were sent, in nanoseconds since 1970 and the earliest first, by conversation. */
  sentTimes(): Promise<Map<string, BigInt64Array>>;
  /** Every deletion that the archive holds: they count for other archives too, which may hold the messages that they name. */
  deletions(): ArchiveDeletion[];
  /** What {@link splitArchive} makes; the archive is read again as the chunks are asked for, by one reader at a time. */
  chunks(options: ArchiveChunkOptions): AsyncIterable<ArchiveChunk>;
};

/**
 * Reads a whole archive once, and keeps what its preview and its chunks need: for a restore, which wants all three.
 * For each message some 80 bytes stay in memory as long as the inspection does.
 *
 * The preview and the chunks leave out messages that were deleted for everyone, have disappeared or were never sent. They also leave out
 * DMs without two inboxes. The report counts what the archive holds.
 *
 * @throws as {@link validateArchive} does.
 *
 * @example
 * ```ts
 * import { inspectArchive } from "@xmtp-backup/archive";
 *
 * export const restore = async (archive: Blob, key: Uint8Array, importOne: (bytes: Uint8Array, key: Uint8Array) => Promise<void>) => {
 *   const { preview, chunks } = await inspectArchive(archive, key);
 *   console.log((await preview()).conversations.map(({ name }) => name));
 *   const chunkKey = crypto.getRandomValues(new Uint8Array(32));
 *   for await (const { bytes } of chunks({ chunkKey })) await importOne(bytes, chunkKey);
 * };
 * ```
 */
export const inspectArchive = async (
  blob: Blob,
  key: Uint8Array,
  options: ArchiveReadOptions & ShownOptions = {},
): Promise<ArchiveInspection> => {
  const survey = new ArchiveSurvey(true);
  const report = await surveyArchive(blob, key, options, survey);
  const leftOut = await decideLeftOut(survey, options);
  const decisions = await decisionsOf(survey, options.signal);
  return {
    report,
    preview: () => describeSurvey(survey, decisions, leftOut, report, options),
    decisions: () => Array.from(decisions.values()),
    sentTimes: () => sentTimesOf(survey, leftOut, options.signal),
    deletions: () => toArchiveDeletions(survey),
    chunks: (chunkOptions) => makeChunks(blob, key, { ...options, ...chunkOptions }, survey, leftOut),
  };
};
