import { type ArchiveId, type ArchiveStore, assertShape, type CallOptions } from "@xmtp-backup/core";
import { archiveFileName, defaultAppName } from "./archiveFileName.ts";
import { assertPage, downloadFile } from "./downloadFile.ts";
import { opfsStore } from "./opfsStore.ts";

export type DownloadStoreOptions = {
  /** The app's name, which names of files begin with. @default "XMTP backup" */
  app?: string;
  /** Where archives are kept and listed, since a page sees nothing of what was downloaded. @default opfsStore() */
  beside?: ArchiveStore;
};

/**
 * Keeps archives in the store `beside` it, and hands each new one to the user as a download, once it is verified and listed.
 *
 * It is the place outside of the browser's reach where no folder can be picked (`fileHandleStore`). The downloads are the user's:
 * they can't be listed, removed or confirmed, whatever retention does to the archives in `beside`. Browsers ask the user before a site
 * downloads several files automatically, so it suits backups that users begin. `saveArchive` makes a copy of one archive. The file is all
 * that a restore needs beside the key: `backups.restore(await pickArchive())`.
 *
 * @throws STORE_UNAVAILABLE when there is no page, as in a worker
 *
 * @example
 * ```ts
 * import { downloadStore } from "@xmtp-backup/browser";
 *
 * const store = downloadStore({ app: "Messenger" });
 * ```
 */
export function downloadStore(options: DownloadStoreOptions = {}): ArchiveStore {
  assertShape("downloadStore", options, { app: "text?", beside: "object?" });
  const { app = defaultAppName, beside = opfsStore() } = options;
  /** Put and not listed yet: a manifest that is replaced later hands nothing out again. */
  const unlisted = new Set<ArchiveId>();

  return {
    features: beside.features,
    list: (options) => beside.list(options),
    get: (id, options) => beside.get(id, options),
    unfinished: (options) => beside.unfinished(options),
    ...(beside.sizeOf && { sizeOf: beside.sizeOf.bind(beside) }),
    ...(beside.getDocument && { getDocument: beside.getDocument.bind(beside) }),
    ...(beside.putDocument && { putDocument: beside.putDocument.bind(beside) }),
    ...(beside.usage && { usage: (options?: CallOptions) => beside.usage?.(options) ?? Promise.resolve(undefined) }),

    async open(options) {
      assertPage();
      await beside.open(options);
    },

    async put(id, archive, options) {
      await beside.put(id, archive, options);
      unlisted.add(id);
    },

    async putManifest(id, manifest, options) {
      const archive = unlisted.has(id) ? await beside.get(id, options) : undefined;
      await beside.putManifest(id, manifest, options);
      unlisted.delete(id);
      if (archive) downloadFile(archive, archiveFileName(app, { createdAtMs: Date.now() }));
    },

    async remove(id, options) {
      await beside.remove(id, options);
      unlisted.delete(id);
    },
  };
}
