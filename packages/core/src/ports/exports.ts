export { assertSdkClient, type SdkNeeds } from "./assertSdkClient.ts";
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
export type { CallOptions, DownloadOptions, TransferOptions } from "./callOptions.ts";
export type { Clock } from "./clock.ts";
export { type Device, type DeviceEvent, silentDevice } from "./device.ts";
export type { HistorySync, HistorySyncOptions } from "./historySync.ts";
export type {
  ExportRequest,
  Host,
  HostEvent,
  HostFeatures,
  HostIdentity,
  ImportOptions,
  FreeBytesOptions,
  ListOptions,
  MessageRange,
  TemporaryArchive,
} from "./host.ts";
export type { Journal, Json } from "./journal.ts";
export type { KeyStore, LoadKeysOptions } from "./keyStore.ts";
export type { Lock } from "./lock.ts";
export type { LogEvent, LogEventName, Logger, LogLevel } from "./logger.ts";
export { assertArchiveBytes, assertDocumentBytes, maxDocumentBytes, maxManifestBytes } from "./storeLimits.ts";
