import { join } from "node:path";
import { assertShape, type Host, networkName } from "@xmtp-backup/core";
import { archiveOptions, revisionOf, countFilter, makeWritableDm, sdkHost } from "@xmtp-backup/core/sdk";
import { nodeDevice } from "../device/nodeDevice.ts";
import { removePartials } from "../files/writeFileDurably.ts";
import { fileJournal } from "../state/fileJournal.ts";
import { fileLock } from "../state/fileLock.ts";
import { keptFiles } from "../state/keptFiles.ts";
import { temporaryFiles } from "../state/temporaryFiles.ts";
import { probeOpen } from "./probeOpen.ts";
import { callSdk as call } from "./callSdk.ts";
import { conversationList } from "./conversationList.ts";
import { databaseFreeBytes } from "./databasePathOf.ts";
import { exportsAtOnce } from "./exportsAtOnce.ts";
import { findMessages } from "./findMessages.ts";
import { hostConversation } from "./hostConversation.ts";
import { assertNodeClient, hasSyncCalls, type NodeClient } from "./nodeClient.ts";
import { nodeHistorySync } from "./nodeHistorySync.ts";
import { nodePrimitives } from "./nodePrimitives.ts";
import { stateDirectoryOf } from "./stateDirectoryOf.ts";
import { toSdkElements } from "./toSdkElements.ts";
import { watchClient } from "./watchClient.ts";

export type NodeHostOptions = {
  /**
   * Where the plugin's notes, its lock, its temporary files and the archives that it keeps for itself live; several clients may share it.
   *
   * @default a folder beside the client's database, named like it with `.backup` at the end
   */
  stateDirectory?: string;
  /**
   * The history server that carries history between the user's installations.
   *
   * @default the client's own `historySyncUrl`, or XMTP's server for the client's `env`
   */
  historySyncUrl?: string;
  /**
   * The name of the network in archives, for a network whose address changes or differs between apps.
   *
   * @default the client's `env`, and a digest of its `apiUrl` where it has one of its own
   */
  network?: string;
};

/**
 * What the plugin needs of a client of `@xmtp/node-sdk` 6; a client of any copy of it fits, such as that of `@xmtp/agent-sdk`.
 *
 * @throws SDK_UNSUPPORTED when the client is of a version of the SDK without the calls that are needed
 * @throws OPTIONS_INVALID when it is no client of that SDK
 * @throws CLIENT_CLOSED when the client is not open
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
export function nodeHost(client: NodeClient, options: NodeHostOptions = {}): Host {
  assertNodeClient(client);
  assertShape("nodeHost", options, { stateDirectory: "text?", historySyncUrl: "text?", network: "text?" });
  const stateDirectory = options.stateDirectory ?? stateDirectoryOf(client);
  const inboxDirectory = join(stateDirectory, client.inboxId);
  // A new database in the same place is another installation. The notes of the old one are not true of it.
  const noteDirectory = join(inboxDirectory, client.installationId);
  const keptDirectory = join(noteDirectory, "kept");
  const temporary = temporaryFiles(join(inboxDirectory, "tmp"));
  const conversations = conversationList(client, temporary);

  return {
    features: { timeSlices: true, parallelExports: exportsAtOnce(client), isolatedImport: false, archivesInMemory: false },
    primitives: nodePrimitives,
    journal: fileJournal({ directory: noteDirectory }),
    lock: fileLock({ directory: stateDirectory }),
    kept: keptFiles(keptDirectory),
    device: nodeDevice(),
    ...(hasSyncCalls(client) && {
      historySync: nodeHistorySync(client, options.historySyncUrl ?? client.options?.historySyncUrl ?? undefined),
    }),
    ...sdkHost(client, (shortMessage, signal, run) => call("HOST_FAILED", shortMessage, signal, run)),

    identity: ({ signal } = {}) =>
      call("HOST_FAILED", "The client could not be asked who it is.", signal, async () => {
        const { inboxId, installationId, env } = client;
        await probeOpen(client);
        const network = options.network ?? (await networkName({ ...client.options, env }));
        return { inboxId, installationId, ...(network !== undefined && { network }) };
      }),

    exportArchive: (request, key, { signal } = {}) =>
      call("EXPORT_FAILED", "The SDK could not write the archive.", signal, () =>
        temporary.create(async (path) => {
          await client.createArchive(path, key, archiveOptions(request, toSdkElements(request.elements)));
          signal?.throwIfAborted();
        }),
      ),

    importArchive: (archive, key, { signal, onBegin } = {}) =>
      call("IMPORT_FAILED", "The SDK could not import the archive.", signal, () =>
        temporary.withFile(archive, async (path) => {
          signal?.throwIfAborted();
          const importing = client.importArchive(path, key);
          importing.catch(() => undefined);
          onBegin?.();
          await importing;
        }),
      ),

    freeBytes: ({ signal, of = "files" } = {}) =>
      call("HOST_FAILED", "The disk does not tell how full it is.", signal, () =>
        of === "files" ? temporary.freeBytes() : databaseFreeBytes(client),
      ),

    spool: (bytes, { signal } = {}) =>
      call("HOST_FAILED", "A temporary file could not be written.", signal, () => temporary.spool(bytes, { signal })),

    listConversations: (options = {}) =>
      call("HOST_FAILED", "The conversations could not be listed.", options.signal, () => conversations.list(options)),

    countMessages: (conversationId, range = {}, { signal } = {}) =>
      call("HOST_FAILED", "The messages could not be counted.", signal, async () => {
        const conversation = await conversations.find(conversationId);
        if (conversation) return conversation.countMessages(countFilter(range));
        await probeOpen(client);
        return 0;
      }),

    revisionOf: (conversationId, { signal } = {}) =>
      call("HOST_FAILED", "The changes could not be counted.", signal, async () => {
        const conversation = await conversations.find(conversationId);
        if (conversation) return revisionOf(conversation);
        await probeOpen(client);
        return 0;
      }),

    findMessages: (ids, { signal } = {}) =>
      call("HOST_FAILED", "The messages could not be looked up.", signal, () => findMessages(client, ids, signal)),

    createDm: (peerInboxId, { signal } = {}) =>
      call("HOST_FAILED", "The DM could not be made.", signal, async () =>
        hostConversation(await makeWritableDm(client, peerInboxId, { signal })),
      ),

    watch: (listener) => watchClient(client, listener),

    sweep: ({ signal } = {}) =>
      call("HOST_FAILED", "Temporary files could not be deleted.", signal, async () => {
        await temporary.sweep();
        for (const directory of [noteDirectory, keptDirectory]) await removePartials(directory, "");
      }),
  };
}
