export type { ActivationState, ActivationStatus, Expectation, Gap, TrackedConversation } from "../activation/rules/trackedConversation.ts";
export type { ActivationNotice } from "../activation/rules/activationNotice.ts";
export type { ArchivedValues, DatedValues } from "../archives/archivedValues.ts";
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
} from "../archives/archiveEntry.ts";
export type { AutomaticTrigger, DueReason, NextRun, ScheduleName, UnmetCondition, Waiting } from "../policy/rules/nextRunReason.ts";
export type { BrokenConversation, Consent, ConversationKind, HostConversation, HostMessage } from "../ports/hostConversation.ts";
export { allElements, type Element } from "../ports/element.ts";
export type { Health, HealthReason, PartialReason } from "../policy/rules/health.ts";
export type { Imported, ImportedMessages } from "../imported/imported.ts";
export type { ImportedConversation, ImportedHistory } from "../imported/importedHistory.ts";
export type { Installation } from "../ports/installation.ts";
export type { ClosingAdvice, InterruptedTask } from "../tasks/interruptedTask.ts";
export type { KnownConditions } from "../ports/knownConditions.ts";
export { isSameNetwork, type NetworkAddress, networkName } from "../ports/network.ts";
export type { Progress, ProgressUnit } from "../tasks/progress.ts";
export type { Reminder, ReminderKind } from "../policy/rules/reminder.ts";
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
} from "../restore/restoreResult.ts";
export type { RestoreReason, RestoreRecommendation, RestoreRoute, RestoreStep } from "../restore/rules/restoreRecommendation.ts";
export type { SmallerBackup } from "../retention/rules/smallerBackup.ts";
export type { BackupStatus } from "../backupStatus.ts";
export type { SyncArchive } from "../ports/syncArchive.ts";
export { classifyFile, type FileForm, filesOfKind, type FolderFile } from "../archives/classifyFile.ts";
export type { ForeignReason, RetentionPeriod, RetentionReason } from "../retention/rules/retentionReason.ts";
export type { BackupStage, RestoreStage, TaskState } from "../tasks/taskState.ts";
