import { join } from "node:path";
import { BackupError, type BackupErrorCode, type Host, type HostConversation, isBackupError } from "@xmtp-backup/core";
import { BackupElementSelectionOption, type Client, ConsentState, GroupMessageKind } from "@xmtp/node-sdk";
import { fileJournal } from "./fileJournal.ts";
import { fileLock } from "./fileLock.ts";
import { guardedMethods } from "./guardedMethods.ts";
import { hostConversation } from "./hostConversation.ts";
import { nodeDevice } from "./nodeDevice.ts";
import { nodePrimitives } from "./nodePrimitives.ts";
import { stateDirectoryOf } from "./stateDirectoryOf.ts";
import { temporaryFiles } from "./temporaryFiles.ts";
import { watchClient } from "./watchClient.ts";
import { removePartials } from "./writeFileDurably.ts";

export type NodeHostOptions = {
  /**
   * Where the plugin's notes, its lock and its temporary files live; several clients may share it.
   *
   * @default a folder beside the client's database, named like it with `.backup` at the end
   */
  stateDirectory?: string;
};

/** How many look-ups run side by side. */
const lookUpsAtOnce = 8;
/** The end of the SDK's time. */
const latestNs = 2n ** 63n - 1n;
/** A partial note that is younger, in milliseconds, may be being written. */
const youngPartialMs = 60_000;

const sdkElements = { messages: BackupElementSelectionOption.Messages, consent: BackupElementSelectionOption.Consent };

/**
 * What the plugin needs of a client of `@xmtp/node-sdk`.
 *
 * @example
 * ```ts
 * import { nodeHost } from "@xmtp-backup/node";
 * import { Client, type Signer } from "@xmtp/node-sdk";
 *
 * async function hostOf(signer: Signer) {
 *   return nodeHost(await Client.create(signer, { env: "dev", dbPath: "./me.db3" }));
 * }
 * ```
 */
export function nodeHost<T>(client: Client<T>, options: NodeHostOptions = {}): Host {
  const stateDirectory = options.stateDirectory ?? stateDirectoryOf(client);
  const inboxDirectory = join(stateDirectory, client.inboxId);
  // A database that is made anew in the same place is another installation, of which the old one's notes are not true.
  const noteDirectory = join(inboxDirectory, client.installationId);
  const temporary = temporaryFiles(join(inboxDirectory, "tmp"));

  async function call<R>(code: BackupErrorCode, shortMessage: string, signal: AbortSignal | undefined, run: () => Promise<R>): Promise<R> {
    signal?.throwIfAborted();
    try {
      return await run();
    } catch (error) {
      signal?.throwIfAborted();
      throw toHostError(error, code, shortMessage);
    }
  }

  /**
   * A look-up by id finds nothing in a closed client, and its ids stay readable: a listing is what fails. One that can find
   * nothing takes no time, however many messages there are.
   */
  async function assertOpen(): Promise<void> {
    await client.conversations.list({ createdAfterNs: latestNs });
  }

  /** A listing reads every message (5 ms for 1,000) and holds the event loop meanwhile; a look-up takes half a millisecond. */
  async function lookUp(ids: readonly string[]): Promise<HostConversation[]> {
    await assertOpen();
    const found: HostConversation[] = [];
    for (let from = 0; from < ids.length; from += lookUpsAtOnce) {
      const some = ids.slice(from, from + lookUpsAtOnce);
      const conversations = await Promise.all(some.map((id) => client.conversations.getConversationById(id)));
      for (const conversation of conversations) if (conversation) found.push(hostConversation(conversation));
    }
    return found;
  }

  return {
    features: { timeSlices: true, parallelExports: 2, isolatedImport: false },
    primitives: nodePrimitives,
    journal: fileJournal({ directory: noteDirectory }),
    lock: fileLock({ directory: stateDirectory }),
    device: nodeDevice(),
    guardedMethods,

    identity: ({ signal } = {}) =>
      call("HOST_FAILED", "The client could not be asked who it is.", signal, async () => {
        const { inboxId, installationId } = client;
        await assertOpen();
        return { inboxId, installationId };
      }),

    exportArchive: ({ elements, startNs, endNs, excludeDisappearingMessages = false }, key, { signal } = {}) =>
      call("EXPORT_FAILED", "The SDK could not write the archive.", signal, () =>
        temporary.create(async (path) => {
          await client.createArchive(path, key, {
            elements: elements.map((element) => sdkElements[element]),
            excludeDisappearingMessages,
            ...(startNs !== undefined && { startNs }),
            ...(endNs !== undefined && { endNs }),
          });
          signal?.throwIfAborted();
        }),
      ),

    importArchive: (archive, key, { signal, onBegin } = {}) =>
      call("IMPORT_FAILED", "The SDK could not import the archive.", signal, () =>
        temporary.withFile(archive, async (path) => {
          signal?.throwIfAborted();
          const importing = client.importArchive(path, key);
          onBegin?.();
          await importing;
        }),
      ),

    spool: (bytes, { signal } = {}) =>
      call("HOST_FAILED", "A temporary file could not be written.", signal, () => temporary.spool(bytes, { signal })),

    listConversations: ({ signal, ids } = {}) =>
      call("HOST_FAILED", "The conversations could not be listed.", signal, async () => {
        if (ids) return lookUp(ids);
        const consentStates = [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied];
        const conversations = await client.conversations.list({ includeDuplicateDms: true, consentStates });
        return conversations.map((conversation) => hostConversation(conversation));
      }),

    countMessages: (conversationId, { startNs, endNs } = {}, { signal } = {}) =>
      call("HOST_FAILED", "The messages could not be counted.", signal, async () => {
        const conversation = await client.conversations.getConversationById(conversationId);
        if (!conversation) {
          await assertOpen();
          return 0;
        }
        return conversation.countMessages({
          kind: GroupMessageKind.Application,
          ...(startNs !== undefined && { sentAfterNs: startNs }),
          ...(endNs !== undefined && { sentBeforeNs: endNs + 1n }),
        });
      }),

    syncConversations: ({ signal } = {}) =>
      call("HOST_FAILED", "The conversations could not be synced.", signal, () => client.conversations.sync()),

    syncAll: ({ signal } = {}) =>
      call("HOST_FAILED", "The messages could not be synced.", signal, async () => {
        await client.conversations.syncAll();
      }),

    watch: (listener) => watchClient(client, listener),

    sweep: ({ signal } = {}) =>
      call("HOST_FAILED", "Temporary files could not be deleted.", signal, async () => {
        await temporary.sweep();
        await removePartials(noteDirectory, "", Date.now() - youngPartialMs);
      }),
  };
}

/** The SDK has no error of its own for a closed client: its database pool says that it needs to reconnect. */
function toHostError(error: unknown, code: BackupErrorCode, shortMessage: string): BackupError {
  if (isBackupError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return /needs to\s+reconnect|client is closed|not initialized/i.test(message)
    ? new BackupError("CLIENT_CLOSED", "The XMTP client is closed.", { cause: error })
    : new BackupError(code, shortMessage, { cause: error, details: `The SDK says: ${message}.` });
}
