// What hosts over the XMTP SDKs share: `@xmtp-backup/core/sdk`, an entry of its own, since no app needs it.
export { type SdkArchiveOptions, archiveOptions } from "./archiveOptions.ts";
export { assertSdkClient, type SdkNeeds } from "./assertSdkClient.ts";
export { brokenConversation } from "./brokenConversation.ts";
export { revisionOf } from "./revisionOf.ts";
export { countFilter } from "./countFilter.ts";
export { findConversation } from "./findConversation.ts";
export { guardedMethods } from "./guardedMethods.ts";
export { allConsentStates, hostConsent } from "./hostConsent.ts";
export { hostMessage } from "./hostMessage.ts";
export { keepStreamOpen, type KeptStream, type StreamToKeep } from "./keepStreamOpen.ts";
export { type DmClient, findWritableDm, hasPeer, type MakeDmOptions, makeWritableDm } from "./makeWritableDm.ts";
export { openStreams } from "./openStreams.ts";
export { sdkError, type SdkErrorOptions } from "./sdkError.ts";
export { closedClient } from "./closedClient.ts";
export { type CallHost, type SdkClient, sdkHost } from "./sdkHost.ts";
export { sdkMethods } from "./sdkMethods.ts";
export type {
  Answer,
  SdkCountFilter,
  SdkDm,
  SdkInboxState,
  SdkListFilter,
  SdkMessage,
  SdkPreferences,
  SdkStream,
  SdkStreamOptions,
} from "./sdkShapes.ts";
export { sdkValues } from "./sdkValues.ts";
