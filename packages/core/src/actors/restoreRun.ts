import type { ArchiveDetails } from "../model/archiveEntry.ts";
import { determinate } from "../model/progress.ts";
import type { ImportedHistory } from "../model/importedHistory.ts";
import type { ArchivePreview } from "../model/restore.ts";
import type { HostIdentity } from "../ports/host.ts";
import { assertOwnDms, assertOwnInbox } from "./assertOwnArchive.ts";
import { checkRestored, type CheckedRestore } from "./checkRestored.ts";
import type { Dependencies } from "./dependencies.ts";
import { importChunks } from "./importChunks.ts";
import { importedHistory } from "./importedHistory.ts";
import { inspectArchive, type InspectedArchive } from "./inspectArchive.ts";
import { createDownloads } from "./downloads.ts";
import { detailsOf, fetchSource, isEntry, keyForSource } from "./openSource.ts";
import type { RestoreOptions, RestoreSource } from "./restoreOptions.ts";
import { openStore } from "./openStore.ts";
import type { Stage, TaskSession } from "./taskSession.ts";

/** What a verified archive holds: for the user, and for following its conversations. */
export type VerifiedArchive = { preview: ArchivePreview; history: ImportedHistory };

export type RestoreRun = {
  prepare: Stage;
  fetchArchive: Stage;
  verifyArchive: Stage<VerifiedArchive>;
  importArchive: Stage;
  checkConversations: Stage<CheckedRestore>;
  clean: Stage;
};

/** The effects of one restore; the archive key and the fetched bytes live in this closure and nowhere else. */
export function createRestoreRun(
  dependencies: Dependencies,
  session: TaskSession,
  source: RestoreSource,
  options: RestoreOptions,
): RestoreRun {
  const { host, store } = dependencies;
  const downloads = createDownloads(host);
  let identity: HostIdentity;
  let details: ArchiveDetails | undefined;
  let key: Uint8Array = new Uint8Array();
  let archive: Blob;
  let inspected: InspectedArchive;
  let preview: ArchivePreview;

  return {
    prepare: session.stage("preparing", async ({ signal }) => {
      key = await keyForSource(dependencies, source, options, signal);
      identity = await session.begin({ signal });
      if (isEntry(source)) await openStore(store, { signal });
      details = await detailsOf(dependencies, source, key, { signal });
      assertOwnInbox(identity, details, options);
    }),

    fetchArchive: session.stage("fetching", async (tools) => {
      archive = await fetchSource(dependencies, source, downloads, tools);
    }),

    verifyArchive: session.stage("verifying", async ({ signal, report }) => {
      inspected = await inspectArchive(archive, key, {
        signal,
        primitives: host.primitives,
        onProgress: (doneBytes) => report(determinate(doneBytes, archive.size, "bytes")),
        ...(details && { expected: details }),
      });
      if (!details) await assertOwnDms(identity, archive, key, options, { signal, primitives: host.primitives });
      preview = { ...inspected.preview, ...(details?.name && { name: details.name }) };
      return { preview, history: importedHistory(preview, isEntry(source) ? { createdAtMs: source.createdAtMs, details } : undefined) };
    }),

    importArchive: session.stage("importing", (tools) => importChunks(dependencies, inspected, tools)),

    checkConversations: session.stage("checking", (tools) => checkRestored(dependencies, preview, tools)),

    clean: async () => {
      await session.settle();
      await downloads.release();
      key.fill(0);
      await session.end();
    },
  };
}
