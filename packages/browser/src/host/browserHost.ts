import { assertShape, BackupError, type BackupErrorCode, type Host, type HostIdentity, networkName } from "@xmtp-backup/core";
import { archiveOptions, revisionOf, countFilter, sdkHost } from "@xmtp-backup/core/sdk";
import { browserDevice } from "../device/browserDevice.ts";
import { estimateStorage } from "../device/estimateStorage.ts";
import { indexedDbJournal } from "../state/indexedDbJournal.ts";
import { keptFiles } from "../state/keptFiles.ts";
import { temporaryFiles } from "../state/temporaryFiles.ts";
import { webLock } from "../state/webLock.ts";
import { assertBrowserClient, type BrowserClient, type BrowserConversation } from "./browserClient.ts";
import { browserPrimitives } from "./browserPrimitives.ts";
import { callSdk } from "./callSdk.ts";
import { fewAtOnce } from "./fewAtOnce.ts";
import { findMessages } from "./findMessages.ts";
import { hostConversation } from "./hostConversation.ts";
import { lookUpConversations } from "./lookUpConversations.ts";
import { makeWritableDm } from "./makeWritableDm.ts";
import { toSdkElements } from "./toSdkElements.ts";
import { watchClient } from "./watchClient.ts";

/** How many conversations the SDK's worker is asked about at a time: each question takes the page's thread a part of a millisecond. */
const questionsAtOnce = 8;

export type BrowserHostOptions = {
  /**
   * The name of the network in archives, for a network whose address changes or differs between apps.
   *
   * @default the client's `env`, and a digest of its `apiUrl` where it has one of its own
   */
  network?: string;
};

/**
 * What the plugin needs of a client of `@xmtp/browser-sdk` 7; a client of any copy of it fits.
 *
 * The SDK takes and gives an archive as bytes (docs/sdk-facts.md#archive-calls), so that an export or import is in memory once. The
 * plugin cuts both into parts, and keeps exported parts in temporary files of the origin-private file system. An import that hangs
 * takes the client with it (docs/sdk-facts.md#import-blocks-the-worker): nothing unverified gets there. There is no history sync
 * (docs/sdk-facts.md#browser-list-of-offers-fails).
 *
 * @throws SDK_UNSUPPORTED when the client is of a version of the SDK without the calls that are needed
 * @throws OPTIONS_INVALID when it is no client of that SDK
 * @throws CLIENT_CLOSED when the client is not open
 *
 * @example
 * ```ts
 * import { browserHost } from "@xmtp-backup/browser";
 * import { Client, type Signer } from "@xmtp/browser-sdk";
 *
 * async function hostOf(signer: Signer) {
 *   return browserHost(await Client.create(signer, { env: "dev" }));
 * }
 * ```
 */
export function browserHost(client: BrowserClient, options: BrowserHostOptions = {}): Host {
  assertBrowserClient(client);
  assertShape("browserHost", options, { network: "text?" });
  const call = <R>(code: BackupErrorCode, shortMessage: string, signal: AbortSignal | undefined, run: () => Promise<R>) =>
    callSdk(client, code, shortMessage, signal, run);
  const { inboxId, installationId } = identityOf(client);
  // One task at a time per inbox: whoever sweeps holds its lock, so that no other tab is at work there.
  const temporary = temporaryFiles(`xmtp-backup-temporary-${inboxId}`);

  const kept = keptFiles(`xmtp-backup-kept-${installationId}`);

  const inRow = fewAtOnce(questionsAtOnce);
  /** Asks a conversation; undefined if it is not there. */
  const ask = <R>(conversationId: string, signal: AbortSignal | undefined, question: (of: BrowserConversation) => Promise<R>) =>
    inRow(async () => {
      signal?.throwIfAborted();
      const conversation = await client.conversations.getConversationById(conversationId);
      return conversation && question(conversation);
    }, signal);

  return {
    features: { timeSlices: true, parallelExports: 1, isolatedImport: false, archivesInMemory: true },
    journal: indexedDbJournal({ database: `xmtp-backup-${installationId}` }),
    lock: webLock(),
    ...(kept && { kept }),
    device: browserDevice(),
    primitives: browserPrimitives,
    ...sdkHost(client, (shortMessage, signal, run) => call("HOST_FAILED", shortMessage, signal, run)),

    identity: ({ signal } = {}) =>
      call("HOST_FAILED", "The client could not be asked who it is.", signal, async () => {
        const network = options.network ?? (await networkName({ ...client.options, env: client.env }));
        return { inboxId, installationId, ...(network !== undefined && { network }) };
      }),

    exportArchive: (request, key, { signal } = {}) =>
      call("EXPORT_FAILED", "The SDK could not write the archive.", signal, async () => {
        const bytes = await client.createArchive(key, archiveOptions(request, toSdkElements(request.elements)));
        return temporary.keep(new Blob([bytes as Uint8Array<ArrayBuffer>]).stream(), { signal });
      }),

    importArchive: (archive, key, { signal, onBegin } = {}) =>
      call("IMPORT_FAILED", "The SDK could not import the archive.", signal, async () => {
        const bytes = new Uint8Array(await archive.arrayBuffer());
        signal?.throwIfAborted();
        const importing = client.importArchive(bytes, key);
        importing.catch(() => undefined);
        onBegin?.();
        await importing;
      }),

    freeBytes: async ({ signal } = {}) => {
      signal?.throwIfAborted();
      const storage = await estimateStorage();
      return storage && storage.totalBytes - storage.usedBytes;
    },

    spool: (bytes, { signal } = {}) =>
      call("HOST_FAILED", "A temporary file could not be written.", signal, () => temporary.keep(bytes, { signal })),

    listConversations: (options = {}) =>
      call("HOST_FAILED", "The conversations could not be listed.", options.signal, () => lookUpConversations(client, options)),

    countMessages: (conversationId, range = {}, { signal } = {}) =>
      call("HOST_FAILED", "The messages could not be counted.", signal, async () =>
        Number((await ask(conversationId, signal, (each) => each.countMessages(countFilter(range)))) ?? 0n),
      ),

    revisionOf: (conversationId, { signal } = {}) =>
      call(
        "HOST_FAILED",
        "The changes could not be counted.",
        signal,
        async () => (await ask(conversationId, signal, async (each) => revisionOf(each))) ?? 0,
      ),

    findMessages: (ids, { signal } = {}) =>
      call("HOST_FAILED", "The messages could not be looked up.", signal, () => findMessages(client, ids, signal)),

    createDm: (peerInboxId, { signal } = {}) =>
      call("HOST_FAILED", "The DM could not be made.", signal, async () =>
        hostConversation(client, await makeWritableDm(client, peerInboxId, signal)),
      ),

    watch: watchClient(client),

    sweep: ({ signal } = {}) => call("HOST_FAILED", "Temporary files could not be deleted.", signal, () => temporary.sweep()),
  };
}

function identityOf({ inboxId, installationId }: BrowserClient): HostIdentity {
  if (inboxId !== undefined && installationId !== undefined) return { inboxId, installationId };
  throw new BackupError("CLIENT_CLOSED", "The XMTP client is not ready.");
}
