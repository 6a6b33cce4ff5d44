import { determinate } from "../model/progress.ts";
import type { ArchivePreview, RestoreResult } from "../model/restore.ts";
import { checkRestored } from "./checkRestored.ts";
import type { Dependencies } from "./dependencies.ts";
import { importChunks } from "./importChunks.ts";
import { inspectArchive } from "./inspectArchive.ts";
import { assertOwnInbox, fetchSource, isEntry, keyForSource } from "./openSource.ts";
import type { RestoreOptions, RestoreSource } from "./restoreOptions.ts";
import { openStore } from "./stageErrors.ts";
import type { Stage, TaskSession } from "./taskSession.ts";

export type RestoreRun = {
  prepare: Stage;
  fetchArchive: Stage;
  verifyArchive: Stage<ArchivePreview>;
  importArchive: Stage;
  checkConversations: Stage<RestoreResult>;
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
  const details = isEntry(source) ? source.details : undefined;
  let key: Uint8Array;
  let archive: Blob;
  let preview: ArchivePreview;

  return {
    prepare: session.stage("preparing", async ({ signal }) => {
      key = await keyForSource(dependencies, source, options, signal);
      const identity = await session.begin({ signal });
      assertOwnInbox(identity, details, options);
      if (isEntry(source)) await openStore(store, { signal });
    }),

    fetchArchive: session.stage("fetching", async (tools) => {
      archive = await fetchSource(dependencies, source, tools);
    }),

    verifyArchive: session.stage("verifying", async ({ signal, report }) => {
      const inspected = await inspectArchive(archive, key, {
        signal,
        primitives: host.primitives,
        onProgress: (doneBytes) => report(determinate(doneBytes, archive.size, "bytes")),
        ...(details && { expected: details }),
      });
      preview = { ...inspected.preview, ...(details?.name && { name: details.name }) };
      return preview;
    }),

    importArchive: session.stage("importing", (tools) => importChunks(dependencies, archive, key, preview.sha256, tools)),

    checkConversations: session.stage("checking", (tools) => checkRestored(dependencies, preview, tools)),

    clean: async () => {
      await session.settle();
      await session.end();
    },
  };
}
