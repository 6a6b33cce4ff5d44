import type { ArchiveReport } from "../model/archiveReport.ts";
import { checkKey } from "../read/openArchive.ts";
import type { ArchiveReadOptions } from "../read/archiveReadOptions.ts";
import { ArchiveSurvey } from "../survey/archiveSurvey.ts";
import { surveyArchive } from "../survey/surveyArchive.ts";
import { decideLeftOut, type ShownOptions } from "../visible/decideLeftOut.ts";
import { type ArchiveChunk, type ArchiveChunkOptions, makeChunks } from "../write/makeChunks.ts";

/** How to cut an archive into chunks. */
export type ArchiveSplitOptions = ArchiveReadOptions & ShownOptions & ArchiveChunkOptions;

/** The chunks, and what the archive holds; of `report.importable` they leave out what is not to be restored. */
export type ArchiveSplit = {
  report: ArchiveReport;
  /** Made one by one, as they are asked for. */
  chunks: AsyncIterable<ArchiveChunk>;
};

/**
 * Cuts an archive into small import-safe archives that are imported in order: the consent records come first, and conversations without
 * messages last. The conversation of a message comes before it, in the same chunk or an earlier one. Imported whole, they bring back what
 * the archive holds. Between two of them an import can report progress, be cancelled, and go on after a crash.
 *
 * The archive is read through once before the promise settles, and again for the chunks. Orphans, duplicates and records
 * at which an SDK would stop are left out, and counted in the report. So is what {@link inspectArchive} leaves out.
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
  const report = await surveyArchive(blob, key, options, survey);
  const leftOut = await decideLeftOut(survey, options);
  // Once that is decided, chunks go by ids.
  survey.facts.keepUnsentAlone();
  return { report, chunks: makeChunks(blob, key, options, survey, leftOut) };
};
