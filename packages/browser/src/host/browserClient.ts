import { assertSdkClient, type NetworkAddress } from "@xmtp-backup/core";

/**
 * What `browserHost` uses of a client of `@xmtp/browser-sdk`, by its shape: a client of any copy of the SDK fits
 * (docs/sdk-facts.md#archive-calls).
 */
export type BrowserClient = {
  readonly isReady: boolean;
  readonly inboxId: string | undefined;
  readonly installationId: string | undefined;
  readonly env: string | undefined;
  readonly options?: NetworkAddress | undefined;
  readonly conversations: BrowserConversations;
  readonly preferences: BrowserPreferences;
  createArchive(key: Uint8Array, options?: { elements: number[]; excludeDisappearingMessages: boolean; startNs?: bigint; endNs?: bigint }): Promise<Uint8Array>;
  importArchive(archive: Uint8Array, key: Uint8Array): Promise<void>;
  fetchKeyPackageStatuses(installationIds: string[]): Promise<Map<string, { validationError?: string | undefined }>>;
};

/** A group or a DM of the SDK; `peerInboxId` tells a DM. */
export type BrowserConversation = {
  readonly id: string;
  readonly createdAtNs: bigint | undefined;
  readonly addedByInboxId: string | undefined;
  isActive(): Promise<boolean>;
  consentState(): Promise<number>;
  members(): Promise<{ inboxId: string }[]>;
  countMessages(options?: { kind?: number; sentAfterNs?: bigint; sentBeforeNs?: bigint }): Promise<bigint>;
};

export type BrowserDm = BrowserConversation & { peerInboxId(): Promise<string>; duplicateDms(): Promise<BrowserDm[]> };

/** How the SDK's streams are opened. */
export type BrowserStreamOptions = { onValue?: () => void; onFail?: () => void; retryOnFail?: boolean };
export type BrowserStream = { end(): Promise<unknown> };

type ListFilter = { createdAfterNs?: bigint; createdBeforeNs?: bigint; consentStates?: number[]; includeDuplicateDms?: boolean };
type SdkMessage = { id: string; conversationId: string; senderInboxId: string; contentType: { typeId: string } };
type SdkInboxState = { installations: { id: string; clientTimestampNs?: bigint | undefined }[] };

type BrowserConversations = {
  list(options?: ListFilter): Promise<BrowserConversation[]>;
  listGroups(options?: ListFilter): Promise<BrowserConversation[]>;
  listDms(options?: ListFilter): Promise<BrowserDm[]>;
  getConversationById(id: string): Promise<BrowserConversation | undefined>;
  getMessageById(id: string): Promise<SdkMessage | undefined>;
  getDmByInboxId(inboxId: string): Promise<BrowserDm | undefined>;
  createDm(inboxId: string): Promise<BrowserDm>;
  sync(): Promise<void>;
  syncAll(consentStates?: number[]): Promise<void>;
  stream(options?: BrowserStreamOptions): Promise<BrowserStream>;
  streamAllMessages(options?: BrowserStreamOptions): Promise<BrowserStream>;
};

type BrowserPreferences = {
  fetchInboxState(): Promise<SdkInboxState>;
  fetchInboxStates(inboxIds: string[]): Promise<SdkInboxState[]>;
  getConsentState(entityType: number, entity: string): Promise<number>;
  setConsentStates(states: { entityType: number; entity: string; state: number }[]): Promise<void>;
  streamConsent(options?: BrowserStreamOptions): Promise<BrowserStream>;
};

const calls = {
  client: ["createArchive", "importArchive", "fetchKeyPackageStatuses"],
  conversations: ["list", "listGroups", "listDms", "getConversationById", "getMessageById", "getDmByInboxId", "createDm", "sync", "syncAll", "stream", "streamAllMessages"],
  preferences: ["fetchInboxState", "fetchInboxStates", "getConsentState", "setConsentStates", "streamConsent"],
} as const satisfies { client: (keyof BrowserClient)[]; conversations: (keyof BrowserConversations)[]; preferences: (keyof BrowserPreferences)[] };

/** @throws OPTIONS_INVALID, SDK_UNSUPPORTED or CLIENT_CLOSED when the host can't work with the client. */
export function assertBrowserClient(client: BrowserClient): void {
  assertSdkClient(client, { host: "browserHost", sdk: "@xmtp/browser-sdk", major: 7, inBrowser: true, calls });
}

/** By the shape: docs/sdk-facts.md#two-copies. */
export function isDm(conversation: BrowserConversation): conversation is BrowserDm {
  return "peerInboxId" in conversation;
}
