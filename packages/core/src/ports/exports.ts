export type { ArchiveId } from "./archiveId.ts";
export type {
  ArchiveStore,
  GetDocumentOptions,
  PutDocumentOptions,
  StoredDocument,
  StoredManifest,
  StoreFeatures,
  StoreUsage,
  UnfinishedArchive,
} from "./archiveStore.ts";
export type { BackupPriority } from "./backupPriority.ts";
export type { BackupTrigger } from "./backupTrigger.ts";
export type { CallOptions, DownloadOptions, TransferOptions } from "./callOptions.ts";
export type { Clock } from "./clock.ts";
export { createTurns, type Turns } from "./createTurns.ts";
export { type Device, type DeviceEvent, silentDevice } from "./device.ts";
export { allElements, type Element } from "./element.ts";
export type { HistorySync, HistorySyncOptions } from "./historySync.ts";
export type {
  ExportRequest,
  FreeBytesOptions,
  Host,
  HostEvent,
  HostFeatures,
  HostIdentity,
  ImportOptions,
  ListOptions,
  MessageRange,
  TemporaryArchive,
} from "./host.ts";
export type { BrokenConversation, Consent, ConversationKind, HostConversation, HostMessage } from "./hostConversation.ts";
export type { Installation } from "./installation.ts";
export type { Journal, Json } from "./journal.ts";
export type { KeptArchives } from "./keptArchives.ts";
export type { KeyStore, LoadKeysOptions } from "./keyStore.ts";
export type { KnownConditions } from "./knownConditions.ts";
export type { Lock } from "./lock.ts";
export type { LogEvent, LogEventName, Logger, LogLevel } from "./logger.ts";
export { isSameNetwork, type NetworkAddress, networkName } from "./network.ts";
export type { ReuseSettings } from "./reuse.ts";
export { assertArchiveBytes, assertDocumentBytes, maxDocumentBytes, maxManifestBytes } from "./storeLimits.ts";
export type { SyncArchive } from "./syncArchive.ts";
export { untilAborted } from "./untilAborted.ts";
