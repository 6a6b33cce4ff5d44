/** What a call of an SDK gives: some answers come at once in Node, all of them later in a browser. */
export type Answer<T> = T | Promise<T>;

/** How the SDKs' streams are opened. */
export type SdkStreamOptions = { onValue?: () => void; onFail?: () => void; retryOnFail?: boolean };

/** A stream of an SDK; `isDone` where the SDK gives one that it could not open. */
export type SdkStream = { readonly isDone?: boolean; end(): Promise<unknown> };

export type SdkMessage = { id: string; conversationId: string; senderInboxId: string; contentType: { typeId: string } };

export type SdkInboxState = { installations: { id: string; clientTimestampNs?: bigint | undefined }[] };

/** Which conversations an SDK lists; times of creation in nanoseconds. */
export type SdkListFilter = { createdAfterNs?: bigint; createdBeforeNs?: bigint; consentStates?: number[]; includeDuplicateDms?: boolean };

/** Which messages an SDK counts; times of sending in nanoseconds, both bounds left out. */
export type SdkCountFilter = { kind?: number; contentTypes?: number[]; sentAfterNs?: bigint; sentBeforeNs?: bigint };

/** The part of a client that is about the user's inbox: the same in every SDK. */
export type SdkPreferences = {
  fetchInboxState(): Promise<SdkInboxState>;
  fetchInboxStates(inboxIds: string[]): Promise<SdkInboxState[]>;
  getConsentState(entityType: number, entity: string): Promise<number>;
  setConsentStates(states: { entityType: number; entity: string; state: number }[]): Promise<void>;
  streamConsent(options?: SdkStreamOptions): Promise<SdkStream>;
};

/** What is needed of a DM to tell whether it can be written. */
export type SdkDm = { readonly peerInboxId: string | (() => Promise<string>); members(): Promise<{ inboxId: string }[]> };
