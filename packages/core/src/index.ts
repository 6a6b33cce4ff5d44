export { archiveKeyBytes, assertArchiveKey, generateArchiveKey, keyFingerprint } from "./actors/archiveKey.ts";
export type { BackupOptions } from "./actors/backupOptions.ts";
export type { RestoreOptions, RestoreSource } from "./actors/restoreOptions.ts";
export type { BackupPolicy, BackupsOptions } from "./client/backupsOptions.ts";
export { type Backups, createBackups } from "./client/createBackups.ts";
export { systemClock } from "./client/systemClock.ts";
export type { BackupState, BackupTask, RestoreState, RestoreTask, Task } from "./client/task.ts";
export { BackupError, type BackupErrorOptions, isBackupError, toBackupError } from "./errors/backupError.ts";
export { type BackupErrorCode, errorCodes } from "./errors/errorCodes.ts";
export { type BackupEvent, type BackupInput, type BackupOutput, backupMachine } from "./machines/backupMachine.ts";
export {
  type ActivationEvent,
  type ActivationInput,
  conversationActivationMachine,
  type Listing,
} from "./machines/conversationActivationMachine.ts";
export { fromTask, type TaskFunction, type TaskLogic, type TaskTools } from "./machines/fromTask.ts";
export { type RestoreEvent, type RestoreInput, restoreMachine } from "./machines/restoreMachine.ts";
export type { ActivationState, TrackedConversation } from "./model/activation.ts";
export type {
  ArchiveCounts,
  ArchiveDetails,
  ArchiveEntry,
  ArchiveId,
  ArchiveOutline,
  BackupTrigger,
  ConversationCount,
} from "./model/archiveEntry.ts";
export type { ConversationKind, HostConversation } from "./model/conversation.ts";
export { allElements, type Element } from "./model/element.ts";
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
export type { BackupStatus } from "./model/status.ts";
export type { BackupStage, RestoreStage, TaskState } from "./model/task.ts";
export { type Keep, planRetention, type RetentionDecision } from "./policy/planRetention.ts";
export type { ArchiveStore, StoredManifest, StoreFeatures, StoreUsage, UnfinishedArchive } from "./ports/archiveStore.ts";
export type { CallOptions, TransferOptions } from "./ports/callOptions.ts";
export type { Clock } from "./ports/clock.ts";
export { type Device, type DeviceEvent, silentDevice } from "./ports/device.ts";
export type { ExportRequest, Host, HostEvent, HostFeatures, HostIdentity, ImportOptions, MessageRange, TemporaryArchive } from "./ports/host.ts";
export type { Journal, Json } from "./ports/journal.ts";
export type { KeyStore } from "./ports/keyStore.ts";
export type { Lock } from "./ports/lock.ts";
