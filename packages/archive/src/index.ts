export { ArchiveError, type ArchiveErrorCode, type ArchiveErrorPlace } from "./errors.ts";
export type { Aes256, ArchivePrimitives, IncrementalHash } from "./crypto/primitives.ts";
export type * from "./model/record.ts";
export type { ArchiveProgress, ArchiveReadOptions, ArchiveWorkOptions } from "./read/options.ts";
export { readArchive } from "./read/read-archive.ts";
export type { ArchiveConversationReport, ArchiveReport } from "./model/report.ts";
export { validateArchive } from "./read/validate-archive.ts";
export type { ArchiveWriteOptions } from "./write/seal-archive.ts";
export { writeArchive } from "./write/write-archive.ts";
