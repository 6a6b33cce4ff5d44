import { readArchive, writeArchive } from "@xmtp-backup/archive";
import { BackupError, type Host, type HostConversation, type HostEvent, type HostFeatures, type HostIdentity, toBackupError } from "@xmtp-backup/core";
import { createFailures, type Failures } from "./failures.ts";
import { type FakeInbox, inRange, recordsOf, takeRecord } from "./fakeInbox.ts";
import { memoryJournal } from "./memoryJournal.ts";
import { memoryLock } from "./memoryLock.ts";

export type FakeHost = Host & {
  /** Makes calls fail or wait, by method. */
  failures: Failures;
  /** What the client holds, to look at and to change. */
  inbox: FakeInbox;
  /** Makes a restored conversation active, as another member's client does, and tells the watchers. */
  activate(conversationId: string): void;
  emit(event: HostEvent): void;
  /** Every call fails with `CLIENT_CLOSED` from now on. */
  close(): void;
  /** Temporary archives that were not released. */
  readonly unreleased: number;
};

export type FakeHostOptions = Partial<HostIdentity> & { inbox?: FakeInbox; features?: Partial<HostFeatures>; journal?: Host["journal"]; lock?: Host["lock"] };

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
  inbox = { conversations: new Map(), consent: [] },
  features,
  journal = memoryJournal(),
  lock = memoryLock(),
}: FakeHostOptions = {}): FakeHost {
  const failures = createFailures();
  const listeners = new Set<(event: HostEvent) => void>();
  let isClosed = false;
  let unreleased = 0;

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

  return {
    failures,
    inbox,
    emit,
    close() {
      isClosed = true;
    },
    activate(conversationId) {
      const conversation = inbox.conversations.get(conversationId);
      if (conversation) conversation.isActive = true;
      emit("conversation");
    },
    get unreleased() {
      return unreleased;
    },
    features: { timeSlices: true, parallelExports: 2, isolatedImport: true, ...features },
    journal,
    lock,
    guardedMethods: ["sendText", "sync", "updateName"],
    async identity({ signal } = {}) {
      await pass("identity", signal);
      return { inboxId, installationId };
    },
    async exportArchive(request, key, { signal } = {}) {
      await pass("exportArchive", signal);
      return keep(writeArchive(recordsOf(inbox, request), key));
    },
    async importArchive(archive, key, { signal } = {}) {
      await pass("importArchive", signal);
      try {
        for await (const record of readArchive(archive, key)) takeRecord(inbox, record);
      } catch (error) {
        throw toBackupError(error, "IMPORT_FAILED", "The fake SDK could not import the archive.");
      }
    },
    async spool(bytes, { signal } = {}) {
      await pass("spool", signal);
      return keep(bytes);
    },
    async listConversations({ signal, ids } = {}) {
      await pass("listConversations", signal);
      return [...inbox.conversations.values()]
        .filter(({ id }) => ids?.includes(id) ?? true)
        .map(({ messages: _messages, name: _name, ...conversation }): HostConversation => ({ ...conversation }));
    },
    async countMessages(conversationId, range = {}, { signal } = {}) {
      await pass("countMessages", signal);
      const messages = inbox.conversations.get(conversationId)?.messages ?? new Map<string, never>();
      return [...messages.values()].filter(({ sentAtNs }) => inRange(sentAtNs, range)).length;
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
}
