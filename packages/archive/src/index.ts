export { ArchiveError, type ArchiveErrorCode, type ArchiveErrorPlace } from "./model/archiveError.ts";
export type { Aes256, ArchivePrimitives, IncrementalHash, RecordGcm } from "./crypto/archivePrimitives.ts";
export type { ArchiveDeletion } from "./model/archiveDeletion.ts";
export type * from "./model/archiveRecord.ts";
export type { ArchiveProgress, ArchiveReadOptions, ArchiveWorkOptions } from "./read/archiveReadOptions.ts";
export { readArchive } from "./read/readArchive.ts";
export type * from "./model/archiveReport.ts";
export { hashArchive } from "./read/hashArchive.ts";
export { validateArchive } from "./inspect/validateArchive.ts";
export type { ArchiveWriteOptions } from "./write/sealArchive.ts";
export { writeArchive } from "./write/writeArchive.ts";
export type {
  ArchiveMerge,
  ArchiveMergeAddOptions,
  ArchiveMergeFinishOptions,
  ArchiveMergeInput,
  ArchiveMergeStartOptions,
  ArchiveMerging,
} from "./merge/archiveMergeOptions.ts";
export { createArchiveMerge } from "./merge/createArchiveMerge.ts";
export { type ArchiveMergeOptions, mergeArchives } from "./merge/mergeArchives.ts";
export type { ArchiveMergeException, ArchiveTimeRange } from "./merge/mergeException.ts";
export type { ArchiveChunk, ArchiveChunkOptions } from "./write/makeChunks.ts";
export { type ArchiveSplit, type ArchiveSplitOptions, splitArchive } from "./inspect/splitArchive.ts";
export { type ArchiveInspection, inspectArchive } from "./inspect/inspectArchive.ts";
export { type ArchiveGroupValues, groupValuesOf, isPlaceholder } from "./restored/groupValues.ts";
export type { ShownOptions } from "./visible/decideLeftOut.ts";
export { dmPair } from "./facts/dmPair.ts";
export { previewArchive } from "./inspect/previewArchive.ts";
export { exportTranscript, type TranscriptOptions } from "./transcript/exportTranscript.ts";
export type { GroupChange, TranscriptContent } from "./transcript/transcriptContent.ts";
export type { TranscriptNames } from "./transcript/transcriptWriter.ts";
export { breathe } from "./util/breathe.ts";
