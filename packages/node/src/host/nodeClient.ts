import { assertSdkClient, type NetworkAddress } from "@xmtp-backup/core";

/**
 * What `nodeHost` uses of a client of `@xmtp/node-sdk`, by its shape.
 *
 * A client of any copy of the SDK fits, such as the copy inside `@xmtp/agent-sdk` (docs/sdk-facts.md#archive-calls).
 */
export type NodeClient = {
  readonly inboxId: string;
  readonly installationId: string;
  readonly env: string;
  readonly options?: NodeClientOptions | undefined;
  readonly conversations: NodeConversations;
  readonly preferences: NodePreferences;
  createArchive(path: string, key: Uint8Array, options?: SdkArchiveOptions & { startNs?: bigint; endNs?: bigint }): Promise<void>;
  importArchive(path: string, key: Uint8Array): Promise<void>;
  fetchKeyPackageStatuses(installationIds: string[]): Promise<Record<string, { validationError?: string | undefined }>>;
} & Partial<NodeSyncCalls>;

/** The SDK's calls for history sync: docs/sdk-facts.md#history-sync-is-optional. */
export type NodeSyncCalls = {
  sendSyncRequest(options?: SdkArchiveOptions, serverUrl?: string): Promise<void>;
  sendSyncArchive(pin: string, options?: SdkArchiveOptions, serverUrl?: string): Promise<void>;
  processSyncArchive(pin?: string | null): Promise<void>;
  listAvailableArchives(days: number): { pin: string; metadata: { exportedAtNs: bigint; elements: string[] }; sentByInstallation: Uint8Array }[];
  syncAllDeviceSyncGroups(): Promise<unknown>;
};

/** A group or a DM of the SDK; `peerInboxId` tells a DM. */
export type NodeConversation = {
  readonly id: string;
  readonly isActive: boolean;
  readonly createdAtNs: bigint;
  readonly addedByInboxId: string;
  consentState(): number;
  members(): Promise<{ inboxId: string }[]>;
  countMessages(options?: { kind?: number; sentAfterNs?: bigint; sentBeforeNs?: bigint }): Promise<number>;
};

export type NodeDm = NodeConversation & { readonly peerInboxId: string; duplicateDms(): Promise<NodeDm[]> };

/** How the SDK's streams are opened. */
export type NodeStreamOptions = { onValue?: () => void; onFail?: () => void; retryOnFail?: boolean };
export type NodeStream = { readonly isDone: boolean; end(): Promise<unknown> };

type NodeClientOptions = NetworkAddress & { dbPath?: string | null | ((inboxId: string) => string); historySyncUrl?: string | null };
type SdkArchiveOptions = { elements: string[]; excludeDisappearingMessages: boolean };
type ListFilter = { createdAfterNs?: bigint; consentStates?: number[]; includeDuplicateDms?: boolean };
type SdkMessage = { id: string; conversationId: string; senderInboxId: string; contentType: { typeId: string } };
type SdkInboxState = { installations: { id: string; clientTimestampNs?: bigint | undefined }[] };

type NodeConversations = {
  list(options?: ListFilter): Promise<NodeConversation[]>;
  listGroups(options?: ListFilter): NodeConversation[];
  listDms(options?: ListFilter): NodeDm[];
  getConversationById(id: string): Promise<NodeConversation | undefined>;
  getMessageById(id: string): SdkMessage | undefined;
  getDmByInboxId(inboxId: string): NodeDm | undefined;
  createDm(inboxId: string): Promise<NodeDm>;
  sync(): Promise<void>;
  syncAll(consentStates?: number[]): Promise<unknown>;
  stream(options?: NodeStreamOptions): Promise<NodeStream>;
  streamAllMessages(options?: NodeStreamOptions): Promise<NodeStream>;
};

type NodePreferences = {
  fetchInboxState(): Promise<SdkInboxState>;
  fetchInboxStates(inboxIds: string[]): Promise<SdkInboxState[]>;
  getConsentState(entityType: number, entity: string): Promise<number>;
  setConsentStates(states: { entityType: number; entity: string; state: number }[]): Promise<void>;
  streamConsent(options?: NodeStreamOptions): Promise<NodeStream>;
};

const calls = {
  client: ["createArchive", "importArchive", "fetchKeyPackageStatuses"],
  conversations: ["list", "listGroups", "listDms", "getConversationById", "getMessageById", "getDmByInboxId", "createDm", "sync", "syncAll", "stream", "streamAllMessages"],
  preferences: ["fetchInboxState", "fetchInboxStates", "getConsentState", "setConsentStates", "streamConsent"],
} as const satisfies { client: (keyof NodeClient)[]; conversations: (keyof NodeConversations)[]; preferences: (keyof NodePreferences)[] };

const syncCalls = ["sendSyncRequest", "sendSyncArchive", "processSyncArchive", "listAvailableArchives", "syncAllDeviceSyncGroups"] as const satisfies (keyof NodeSyncCalls)[];

/** @throws OPTIONS_INVALID, SDK_UNSUPPORTED or CLIENT_CLOSED when the host can't work with the client. */
export function assertNodeClient(client: NodeClient): void {
  assertSdkClient(client, { host: "nodeHost", sdk: "@xmtp/node-sdk", major: 6, inBrowser: false, calls });
}

/** Whether the client's SDK has history sync. */
export function hasSyncCalls(client: NodeClient): client is NodeClient & NodeSyncCalls {
  return syncCalls.every((name) => typeof client[name] === "function");
}

/** By the shape: docs/sdk-facts.md#two-copies. */
export function isDm(conversation: NodeConversation): conversation is NodeDm {
  return "peerInboxId" in conversation;
}
