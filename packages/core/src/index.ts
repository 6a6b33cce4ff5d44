export { archiveKeyBytes, assertArchiveKey, generateArchiveKey, keyFingerprint } from "./actors/archiveKey.ts";
export type { BackupOptions } from "./actors/backupOptions.ts";
export type { RestoreOptions, RestoreSource } from "./actors/restoreOptions.ts";
export type { ActivationSettings, BackupPolicy, BackupsOptions } from "./client/backupsOptions.ts";
export type { BeforeAnswer, Backups } from "./client/backups.ts";
export { createBackups } from "./client/createBackups.ts";
export type { FollowedConversation, Following } from "./client/following.ts";
export type { GapFillers } from "./client/gapFillers.ts";
export type { HistorySyncClient, HistorySyncResult } from "./client/historySync.ts";
export type { OtherInstallation } from "./client/otherInstallations.ts";
export type { RunningTask } from "./client/adviseClosing.ts";
export type { ReminderHandle } from "./client/reminderHandles.ts";
export { systemClock } from "./client/systemClock.ts";
export type { BackupState, BackupTask, RestoreState, RestoreTask, Task } from "./client/task.ts";
export { BackupError, type BackupErrorOptions, isBackupError, toBackupError } from "./errors/backupError.ts";
export { type BackupErrorCode, errorCodes } from "./errors/errorCodes.ts";
export { type BackupEvent, type BackupInput, type BackupOutput, backupMachine } from "./machines/backupMachine.ts";
export {
  backupPolicyMachine,
  type PolicyBackupResult,
  type PolicyBeginning,
  type PolicyEvent,
  type PolicyInput,
} from "./machines/backupPolicyMachine.ts";
export type { ActivationInput, StitchInput } from "./machines/activationContext.ts";
export { type ActivationEvent, conversationActivationMachine } from "./machines/conversationActivationMachine.ts";
export { fromTask, type TaskFunction, type TaskLogic, type TaskTools } from "./machines/fromTask.ts";
export { type RestoreEvent, type RestoreInput, restoreMachine } from "./machines/restoreMachine.ts";
export type { ActivationState, ActivationStatus, Expectation, Gap, TrackedConversation } from "./model/activation.ts";
export type { ActivationNotice } from "./model/activationNotice.ts";
export type { ImportedConversation, ImportedHistory } from "./model/importedHistory.ts";
export type {
  ArchiveCounts,
  ArchiveDetails,
  ArchiveEntry,
  ArchiveId,
  ArchiveOutline,
  BackupTrigger,
  ConversationCount,
} from "./model/archiveEntry.ts";
export type { Consent, ConversationKind, HostConversation } from "./model/conversation.ts";
export { allElements, type Element } from "./model/element.ts";
export type { Installation } from "./model/installation.ts";
export type { ClosingAdvice, InterruptedTask } from "./model/interruption.ts";
export type { KnownConditions } from "./model/knownConditions.ts";
export type { Progress, ProgressUnit } from "./model/progress.ts";
export {
  type ArchivePreview,
  type PreviewConversation,
  type Restored,
  type RestoreLimit,
  restoreLimits,
  type RestoreResult,
} from "./model/restore.ts";
export type { RestoreReason, RestoreRecommendation, RestoreRoute, RestoreStep } from "./model/restoreRecommendation.ts";
export type { BackupStatus } from "./model/status.ts";
export type { SyncArchive } from "./model/syncArchive.ts";
export type { BackupStage, RestoreStage, TaskState } from "./model/task.ts";
export type { Calendar } from "./policy/calendar.ts";
export type { Conditions, QuietWindow } from "./policy/conditions.ts";
export { type AutomaticTrigger, type BackupDecision, type BackupFacts, decideBackup } from "./policy/decideBackup.ts";
export { decideDrill, type DrillDecision, type DrillFacts } from "./policy/decideDrill.ts";
export type { Duration } from "./policy/duration.ts";
export { type ActivationMemory, type AwaitedHistory, emptyActivationMemory } from "./policy/activationMemory.ts";
export type { FoundLook, StitchOutcome } from "./policy/activationSteps.ts";
export { type ExpectationFacts, expectActivation } from "./policy/expectActivation.ts";
export { assessHealth, type Health, type HealthFacts } from "./policy/health.ts";
export { loadCalendar } from "./policy/loadCalendar.ts";
export { type Moment, momentOf } from "./policy/moment.ts";
export { nextRun } from "./policy/nextRun.ts";
export type { Observation } from "./policy/observation.ts";
export { type Keep, planRetention, type RetentionDecision, type RetentionScope } from "./policy/planRetention.ts";
export { type BackupEventName, type EventAnswer, type Frequency, type FullPolicy, normalizePolicy } from "./policy/policy.ts";
export { createMemory, isPolicyMemory, type PolicyMemory, settleMemory } from "./policy/policyMemory.ts";
export type { PolicyState } from "./policy/policyState.ts";
export { recommendRestore, type RestoreFacts, type RestoreGoal } from "./policy/recommendRestore.ts";
export { countActivity, recordCancelled, recordDrill, recordFailure, recordSuccess, retryNow } from "./policy/recordOutcome.ts";
export { recordDismissed, recordShown, recordSnoozed } from "./policy/recordReminder.ts";
export type { ReminderSettings } from "./policy/reminderSettings.ts";
export { dueReminders, type Reminder, type ReminderFacts, type ReminderKind } from "./policy/reminders.ts";
export type { RestorableArchive } from "./policy/restorableArchives.ts";
export type { Scenario } from "./policy/scenario.ts";
export type { StitchDms } from "./policy/stitching.ts";
export type { FinishedImport } from "./policy/trackConversations.ts";
export { simulatePolicy } from "./policy/simulatePolicy.ts";
export type { Simulation } from "./policy/simulation.ts";
export type { TimeOfDay } from "./policy/timeOfDay.ts";
export type { Weekday } from "./policy/weekday.ts";
export type { ArchiveStore, StoredManifest, StoreFeatures, StoreUsage, UnfinishedArchive } from "./ports/archiveStore.ts";
export type { CallOptions, TransferOptions } from "./ports/callOptions.ts";
export type { Clock } from "./ports/clock.ts";
export { type Device, type DeviceEvent, silentDevice } from "./ports/device.ts";
export type { HistorySync, HistorySyncOptions } from "./ports/historySync.ts";
export type {
  ExportRequest,
  Host,
  HostEvent,
  HostFeatures,
  HostIdentity,
  ImportOptions,
  ListOptions,
  MessageRange,
  TemporaryArchive,
} from "./ports/host.ts";
export type { Journal, Json } from "./ports/journal.ts";
export type { KeyStore } from "./ports/keyStore.ts";
export type { Lock } from "./ports/lock.ts";
export { type ActivationText, describeActivation } from "./texts/describeActivation.ts";
export { type ConversationText, type ConversationTextOptions, describeConversation } from "./texts/describeConversation.ts";
export { type AvailableFillers, describeGap, type GapText, type GapTextOptions } from "./texts/describeGap.ts";
export { describeNotice, type NoticeText } from "./texts/describeNotice.ts";
export { describeReadOnly, type ReadOnlyText } from "./texts/describeReadOnly.ts";
export { describeRestore, type RestoreText, type RestoreTextOptions } from "./texts/describeRestore.ts";
export { describeStitching, type QuestionText, type StitchingTextOptions } from "./texts/describeStitching.ts";
export { describeWakeUp, type WakeableInstallation, type WakeUpText, type WakeUpTextOptions } from "./texts/describeWakeUp.ts";
export { englishTexts } from "./texts/englishTexts.ts";
export { formatText } from "./texts/formatText.ts";
export type { EnglishTexts, PluralForms, TextCatalogue, TextKey, TextOptions, TextValues } from "./texts/textCatalogue.ts";
