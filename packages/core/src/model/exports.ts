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
export type { AutomaticTrigger, DueReason, NextRun, ScheduleName, UnmetCondition, Waiting } from "./backupReason.ts";
export type { BrokenConversation, Consent, ConversationKind, HostConversation, HostMessage } from "./conversation.ts";
export { allElements, type Element } from "./element.ts";
export type { Health, HealthReason, PartialReason } from "./health.ts";
export type { Imported, ImportedMessages } from "./imported.ts";
export type { ImportedConversation, ImportedHistory } from "./importedHistory.ts";
export type { Installation } from "./installation.ts";
export type { ClosingAdvice, InterruptedTask } from "./interruption.ts";
export type { KnownConditions } from "./knownConditions.ts";
export { isSameNetwork, type NetworkAddress, networkName } from "./network.ts";
export type { Progress, ProgressUnit } from "./progress.ts";
export type { Reminder, ReminderKind } from "./reminder.ts";
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
export type { SmallerBackup } from "./smallerBackup.ts";
export type { BackupStatus } from "./status.ts";
export type { SyncArchive } from "./syncArchive.ts";
export { classifyFile, type FileForm, filesOfKind, type FolderFile } from "./syncedFolder.ts";
export type { ForeignReason, RetentionPeriod, RetentionReason } from "./retentionReason.ts";
export type { BackupStage, RestoreStage, TaskState } from "./task.ts";
