import { readArchive, writeArchive } from "@xmtp-backup/archive";
import {
  BackupError,
  type Host,
  type HostConversation,
  type HostEvent,
  type HostFeatures,
  type HostIdentity,
  type Installation,
  toBackupError,
} from "@xmtp-backup/core";
import { changeConversation, changesOf } from "./fakeChanges.ts";
import { createFailures, type Failures } from "./failures.ts";
import { activeDmWith, addDm, listedDmOf } from "./fakeDms.ts";
import type { FakeHistoryServer } from "./fakeHistoryServer.ts";
import { fakeHistorySync } from "./fakeHistorySync.ts";
import type { FakeChange, FakeConversation, FakeInbox } from "./fakeInbox.ts";
import { consentIn, failsExport, inRange, recordsOf, takeRecord } from "./fakeRecords.ts";
import { hexOf } from "./hexOf.ts";
import { memoryJournal } from "./memoryJournal.ts";
import { memoryKept } from "./memoryKept.ts";
import { memoryLock } from "./memoryLock.ts";

export type FakeHost = Host & {
  /** Makes calls fail or wait, by method. */
  failures: Failures;
  /** What the client holds, to look at and to change. */
  inbox: FakeInbox;
  /** The other installations of the inbox; the own one is listed before them. */
  installations: Installation[];
  /** The peers with whom `createDm` made a new DM, in that order. */
  readonly madeDms: readonly string[];
  /**
   * Makes a restored conversation active, as the client of the one who adds this installation does, and tells the watchers. Pass the own
   * inbox for another installation of the user. Pass `isOwn` for a conversation that the user made, which the Welcome then allows.
   *
   * @default by another member, a conversation that somebody else made
   */
  activate(conversationId: string, options?: { by?: string; isOwn?: boolean }): void;
  /** When archives that are made from now on were exported, in nanoseconds since 1970. @default 1n */
  exportedAtNs: bigint;
  /** Changes the own data of a conversation, which its number of changes tells. */
  change(conversationId: string, change: FakeChange): void;
  /** Loses the state of a conversation: it is not listed any more, and its messages are exported without it. */
  breakConversation(conversationId: string): void;
  /** Makes every export fail that would hold this message. */
  breakExportOf(messageId: string): void;
  /** What `freeBytes` answers from now on. @default undefined: nobody can tell */
  setFreeBytes(freeBytes: number | undefined): void;
  emit(event: HostEvent): void;
  /** Every call fails with `CLIENT_CLOSED` from now on. */
  close(): void;
  /** Temporary archives that were not released. */
  readonly unreleased: number;
};

export type FakeHostOptions = Partial<HostIdentity> & {
  inbox?: FakeInbox;
  features?: Partial<HostFeatures>;
  journal?: Host["journal"];
  lock?: Host["lock"];
  /** Pass those of the earlier host to play a restart. */
  kept?: Host["kept"];
  /** The other installations of the inbox. @default none */
  installations?: Installation[];
  /** Shared with other installations. @default none: the host has no history sync */
  historyServer?: FakeHistoryServer;
  /** Answers the others' requests for history automatically, until it is closed. @default false */
  answersRequests?: boolean;
};

/**
 * A host over a client in memory, whose archives are real ones, with switches that make it fail.
 *
 * @example
 * ```ts
 * import { fakeHost } from "@xmtp-backup/testing";
 *
 * const host = fakeHost();
 * host.failures.failNext("exportArchive", new Error("the database is locked"));
 * ```
 */
export function fakeHost({
  inboxId = "a".repeat(64),
  installationId = crypto.randomUUID().replaceAll("-", "").repeat(2),
  network = "local",
  inbox = { conversations: new Map(), consent: [] },
  features,
  journal = memoryJournal(),
  lock = memoryLock(),
  kept = memoryKept(),
  installations = [],
  historyServer,
  answersRequests = false,
}: FakeHostOptions = {}): FakeHost {
  const failures = createFailures();
  const madeDms: string[] = [];
  const listeners = new Set<(event: HostEvent) => void>();
  let isClosed = false;
  let unreleased = 0;
  let exportedAtNs = 1n;
  let freeBytes: number | undefined;

  async function pass(method: string, signal: AbortSignal | undefined): Promise<void> {
    if (isClosed) throw new BackupError("CLIENT_CLOSED", "The XMTP client is closed.");
    await failures.pass(method, signal);
  }

  async function keep(bytes: ReadableStream<Uint8Array>) {
    const blob = await new Response(bytes as ReadableStream<Uint8Array<ArrayBuffer>>).blob();
    let isLive = true;
    unreleased += 1;
    return {
      blob,
      release: async () => {
        if (isLive) unreleased -= 1;
        isLive = false;
      },
    };
  }

  const emit = (event: HostEvent) => {
    for (const listener of listeners) listener(event);
  };

  const historySync = historyServer && fakeHistorySync(historyServer, { inboxId, installationId }, inbox, pass);
  if (historySync && answersRequests) historyServer.answering.set(installationId, { inboxId, send: historySync.send });

  const host: FakeHost = {
    failures,
    inbox,
    get installations() {
      return installations;
    },
    set installations(others) {
      installations = others;
    },
    madeDms,
    emit,
    close() {
      isClosed = true;
      historyServer?.answering.delete(installationId);
    },
    get exportedAtNs() {
      return exportedAtNs;
    },
    set exportedAtNs(timeNs) {
      exportedAtNs = timeNs;
    },
    activate(conversationId, { by, isOwn = false } = {}) {
      const conversation = inbox.conversations.get(conversationId);
      if (conversation && isOwn) conversation.consent = "allowed";
      if (conversation) Object.assign(conversation, { isActive: true, addedByInboxId: by ?? conversation.peerInboxId ?? hexOf("bob", 32) });
      emit("conversation");
    },
    change(conversationId, change) {
      const conversation = inbox.conversations.get(conversationId);
      if (conversation) changeConversation(conversation, change);
    },
    breakConversation(conversationId) {
      const conversation = inbox.conversations.get(conversationId);
      if (conversation) conversation.isBroken = true;
    },
    breakExportOf(messageId) {
      for (const { messages } of inbox.conversations.values()) {
        const message = messages.get(messageId);
        if (message) message.failsExport = true;
      }
    },
    setFreeBytes(next) {
      freeBytes = next;
    },
    get unreleased() {
      return unreleased;
    },
    features: { timeSlices: true, parallelExports: 2, isolatedImport: true, archivesInMemory: true, ...features },
    journal,
    lock,
    kept,
    ...(historySync && { historySync }),
    guardedMethods: ["sendText", "sync", "updateName"],
    async identity({ signal } = {}) {
      await pass("identity", signal);
      return { inboxId, installationId, network };
    },
    async exportArchive(request, key, { signal } = {}) {
      await pass("exportArchive", signal);
      if (failsExport(inbox, request)) throw new BackupError("EXPORT_FAILED", "The fake SDK can't export one of the messages.");
      return keep(writeArchive(recordsOf(inbox, request, inboxId, exportedAtNs), key, { primitives: host.primitives }));
    },
    async importArchive(archive, key, { signal } = {}) {
      await pass("importArchive", signal);
      try {
        for await (const record of readArchive(archive, key)) takeRecord(inbox, record, inboxId);
      } catch (error) {
        throw toBackupError(error, "IMPORT_FAILED", "The fake SDK could not import the archive.");
      }
    },
    async freeBytes({ signal } = {}) {
      await pass("freeBytes", signal);
      return freeBytes;
    },
    async spool(bytes, { signal } = {}) {
      await pass("spool", signal);
      return keep(bytes);
    },
    async listConversations({ signal, ids, peerInboxIds, onBroken } = {}) {
      await pass("listConversations", signal);
      const all = [...inbox.conversations.values()];
      const wanted = new Set([...(ids ?? []), ...(peerInboxIds ?? []).map((peer) => activeDmWith(inbox, peer)?.id)]);
      const asked = ids || peerInboxIds ? all.filter(({ id }) => wanted.has(id)) : all;
      for (const { id, kind, createdAtNs, isBroken } of asked) if (isBroken) onBroken?.({ id, kind, createdAtNs });
      return asked.filter(({ isBroken }) => !isBroken).map(asListed);
    },
    async countMessages(conversationId, range = {}, { signal } = {}) {
      await pass("countMessages", signal);
      const messages = inbox.conversations.get(conversationId)?.messages ?? new Map<string, never>();
      return [...messages.values()].filter(({ sentAtNs }) => inRange(sentAtNs, range)).length;
    },
    async revisionOf(conversationId, { signal } = {}) {
      await pass("revisionOf", signal);
      return changesOf(inbox, conversationId);
    },
    async listedIdOf(conversationId, { signal } = {}) {
      await pass("listedIdOf", signal);
      return listedDmOf(inbox, conversationId) ?? conversationId;
    },
    async findMessages(ids, { signal } = {}) {
      await pass("findMessages", signal);
      const wanted = new Set(ids);
      const found = [...inbox.conversations.values()].flatMap(({ id: conversationId, messages }) =>
        [...messages.values()].filter(({ id }) => wanted.has(id)).map(({ id, senderInboxId }) => ({ id, conversationId, senderInboxId })),
      );
      return found.filter(({ id }) => wanted.delete(id));
    },
    async consentOf(personId, { signal } = {}) {
      await pass("consentOf", signal);
      return consentIn(inbox, "inboxId", personId);
    },
    async setConsent(conversationId, consent, { signal } = {}) {
      await pass("setConsent", signal);
      const conversation = inbox.conversations.get(conversationId);
      if (conversation) conversation.consent = consent;
    },
    async setConsentOf(personId, consent, { signal } = {}) {
      await pass("setConsentOf", signal);
      inbox.consent = [
        ...inbox.consent.filter(({ entity }) => entity !== personId),
        { entityType: "inboxId", entity: personId, state: consent, consentedAtNs: BigInt(Date.now()) * 1_000_000n },
      ];
    },
    async createDm(peerInboxId, { signal } = {}) {
      await pass("createDm", signal);
      const active = activeDmWith(inbox, peerInboxId);
      if (active) return asListed(active);
      madeDms.push(peerInboxId);
      const id = hexOf(`dm ${madeDms.length} of ${installationId}`, 16);
      return asListed(addDm(inbox, { id, peerInboxId, createdAtNs: BigInt(Date.now()) * 1_000_000n, addedByInboxId: inboxId }));
    },
    async listInstallations({ signal } = {}) {
      await pass("listInstallations", signal);
      return [{ id: installationId, isOwn: true }, ...installations.map((each) => ({ ...each }))];
    },
    async syncConversations({ signal } = {}) {
      await pass("syncConversations", signal);
    },
    async syncAll({ signal } = {}) {
      await pass("syncAll", signal);
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async sweep({ signal } = {}) {
      await pass("sweep", signal);
    },
  };
  return host;
}

function asListed({
  messages: _messages,
  name: _name,
  isBroken: _isBroken,
  hasLeft: _hasLeft,
  disappearsInNs: _timer,
  admins: _admins,
  changes: _changes,
  ...conversation
}: FakeConversation): HostConversation {
  return conversation;
}
