export type { ArchivedValues, DatedValues } from "./archivedValues.ts";
export type {
  ArchiveCounts,
  ArchiveDetails,
  ArchiveEntry,
  ArchiveLacks,
  ArchiveOutline,
  ArchiveRef,
  ChainBreak,
  ConversationCount,
  Increment,
  LackingConversation,
  LackingRange,
  ReplacedRange,
} from "./archiveEntry.ts";
export { archiveKeyBytes, assertArchiveKey, assertUsableKey, generateArchiveKey, usableKeys } from "./archiveKey.ts";
export type { ArchivePreview, DeletedMessage, LeftOut, PreviewConversation, UncheckedFact } from "./archivePreview.ts";
export { classifyFile, type FileForm, filesOfKind, type FolderFile } from "./classifyFile.ts";
export { isArchiveOf, type IsArchiveOfOptions } from "./isArchiveOf.ts";
export { keyFingerprint } from "./keyFingerprint.ts";
export { listOutlines } from "./listOutlines.ts";
export { manifestReader, type ManifestReader } from "./manifestReader.ts";
