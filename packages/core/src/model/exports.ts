export type { ActivationState, ActivationStatus, Expectation, Gap, TrackedConversation } from "./activation.ts";
export type { ActivationNotice } from "./activationNotice.ts";
export type { ArchivedValues, DatedValues } from "./archivedValues.ts";
export type {
  ArchiveCounts,
  ArchiveDetails,
  ArchiveEntry,
  ArchiveId,
  ArchiveRef,
  ArchiveLacks,
  ArchiveOutline,
  BackupTrigger,
  ConversationCount,
  LackingConversation,
  LackingRange,
} from "./archiveEntry.ts";
export type { BrokenConversation, Consent, ConversationKind, HostConversation, HostMessage } from "./conversation.ts";
export { allElements, type Element } from "./element.ts";
export type { Imported, ImportedMessages } from "./imported.ts";
export type { ImportedConversation, ImportedHistory } from "./importedHistory.ts";
export type { Installation } from "./installation.ts";
export type { ClosingAdvice, InterruptedTask } from "./interruption.ts";
export type { KnownConditions } from "./knownConditions.ts";
export { isSameNetwork, type NetworkAddress, networkName } from "./network.ts";
export type { Progress, ProgressUnit } from "./progress.ts";
export {
  type ArchivePreview,
  type DeletedMessage,
  type LeftOut,
  type PreviewConversation,
  type Restored,
  type RestoreLimit,
  restoreLimits,
  type RestoreResult,
  type UncheckedFact,
} from "./restore.ts";
export type { RestoreReason, RestoreRecommendation, RestoreRoute, RestoreStep } from "./restoreRecommendation.ts";
export type { BackupStatus, SmallerBackup } from "./status.ts";
export type { SyncArchive } from "./syncArchive.ts";
export { classifyFile, type FileForm, filesOfKind, type FolderFile } from "./syncedFolder.ts";
export type { BackupStage, RestoreStage, TaskState } from "./task.ts";
