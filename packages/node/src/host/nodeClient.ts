import type { NetworkAddress } from "@xmtp-backup/core";
import {
  assertSdkClient,
  type SdkArchiveOptions,
  type SdkCountFilter,
  type SdkListFilter,
  type SdkMessage,
  sdkMethods,
  type SdkPreferences,
  type SdkStream,
  type SdkStreamOptions,
} from "@xmtp-backup/core/sdk";

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
  readonly preferences: SdkPreferences;
  createArchive(path: string, key: Uint8Array, options?: SdkArchiveOptions<string>): Promise<void>;
  importArchive(path: string, key: Uint8Array): Promise<void>;
  fetchKeyPackageStatuses(installationIds: string[]): Promise<Record<string, { validationError?: string | undefined }>>;
} & Partial<NodeSyncCalls>;

/** The SDK's calls for history sync: docs/sdk-facts.md#history-sync-is-optional. */
export type NodeSyncCalls = {
  sendSyncRequest(options?: SyncOptions, serverUrl?: string): Promise<void>;
  sendSyncArchive(pin: string, options?: SyncOptions, serverUrl?: string): Promise<void>;
  processSyncArchive(pin?: string | null): Promise<void>;
  listAvailableArchives(
    days: number,
  ): { pin: string; metadata: { exportedAtNs: bigint; elements: string[] }; sentByInstallation: Uint8Array }[];
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
  /** Only groups have it. */
  isPendingRemoval?(): boolean;
  countMessages(options?: SdkCountFilter): Promise<number>;
};

export type NodeDm = NodeConversation & { readonly peerInboxId: string; duplicateDms(): Promise<NodeDm[]> };

type NodeClientOptions = NetworkAddress & {
  dbPath?: string | null | ((inboxId: string) => string);
  historySyncUrl?: string | null;
  /** Only whether there is one matters here. */
  dbEncryptionKey?: Uint8Array | string | null;
};
type SyncOptions = Pick<SdkArchiveOptions<string>, "elements" | "excludeDisappearingMessages">;

type NodeConversations = {
  list(options?: SdkListFilter): Promise<NodeConversation[]>;
  listGroups(options?: SdkListFilter): NodeConversation[];
  listDms(options?: SdkListFilter): NodeDm[];
  getConversationById(id: string): Promise<NodeConversation | undefined>;
  /** Older and newer versions may lack it. */
  hmacKeys?(): Record<string, readonly { readonly key: Uint8Array }[]>;
  getMessageById(id: string): SdkMessage | undefined;
  getDmByInboxId(inboxId: string): NodeDm | undefined;
  createDm(inboxId: string): Promise<NodeDm>;
  sync(): Promise<void>;
  syncAll(consentStates?: number[]): Promise<unknown>;
  stream(options?: SdkStreamOptions): Promise<SdkStream>;
  streamAllMessages(options?: SdkStreamOptions): Promise<SdkStream>;
};

const syncCalls = [
  "sendSyncRequest",
  "sendSyncArchive",
  "processSyncArchive",
  "listAvailableArchives",
  "syncAllDeviceSyncGroups",
] as const satisfies (keyof NodeSyncCalls)[];

/** @throws OPTIONS_INVALID, SDK_UNSUPPORTED or CLIENT_CLOSED when the host can't work with the client. */
export function assertNodeClient(client: NodeClient): void {
  assertSdkClient(client, { host: "nodeHost", sdk: "@xmtp/node-sdk", major: 6, inBrowser: false, calls: sdkMethods });
}

/** Whether the client's SDK has history sync. */
export function hasSyncCalls(client: NodeClient): client is NodeClient & NodeSyncCalls {
  return syncCalls.every((name) => typeof client[name] === "function");
}

/** By the shape: docs/sdk-facts.md#two-copies. */
export function isDm(conversation: NodeConversation): conversation is NodeDm {
  return "peerInboxId" in conversation;
}
