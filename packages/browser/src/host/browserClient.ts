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
  readonly preferences: SdkPreferences;
  createArchive(key: Uint8Array, options?: SdkArchiveOptions<number>): Promise<Uint8Array>;
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
  /** Only groups have it. */
  isPendingRemoval?(): Promise<boolean>;
  countMessages(options?: SdkCountFilter): Promise<bigint>;
};

export type BrowserDm = BrowserConversation & { peerInboxId(): Promise<string>; duplicateDms(): Promise<BrowserDm[]> };

type BrowserConversations = {
  list(options?: SdkListFilter): Promise<BrowserConversation[]>;
  listGroups(options?: SdkListFilter): Promise<BrowserConversation[]>;
  listDms(options?: SdkListFilter): Promise<BrowserDm[]>;
  getConversationById(id: string): Promise<BrowserConversation | undefined>;
  getMessageById(id: string): Promise<SdkMessage | undefined>;
  getDmByInboxId(inboxId: string): Promise<BrowserDm | undefined>;
  createDm(inboxId: string): Promise<BrowserDm>;
  sync(): Promise<void>;
  syncAll(consentStates?: number[]): Promise<void>;
  stream(options?: SdkStreamOptions): Promise<SdkStream>;
  streamAllMessages(options?: SdkStreamOptions): Promise<SdkStream>;
};

/** @throws OPTIONS_INVALID, SDK_UNSUPPORTED or CLIENT_CLOSED when the host can't work with the client. */
export function assertBrowserClient(client: BrowserClient): void {
  assertSdkClient(client, { host: "browserHost", sdk: "@xmtp/browser-sdk", major: 7, inBrowser: true, calls: sdkMethods });
}

/** By the shape: docs/sdk-facts.md#two-copies. */
export function isDm(conversation: BrowserConversation): conversation is BrowserDm {
  return "peerInboxId" in conversation;
}
