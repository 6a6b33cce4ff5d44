import { type ArchiveStore, assertShape } from "@xmtp-backup/core";
import { estimateStorage } from "../device/estimateStorage.ts";
import { openOpfsFolder } from "../files/openOpfsFolder.ts";
import { directoryStore } from "./directoryStore.ts";
import { toStoreError } from "./toStoreError.ts";

export type OpfsStoreOptions = {
  /** The name of the folder in the origin-private file system. @default "xmtp-backup" */
  directory?: string;
};

/**
 * Keeps archives on this device, in a folder of the origin-private file system: `<id>.xmtp` and, written last,
 * `<id>.manifest.json`.
 *
 * It outlives reloads and updates, and goes when the user clears the site's data: it is no place for the only copy. Ask the
 * browser to keep it with `persistStorage`, and save copies with `fileHandleStore`, `downloadStore` or `saveArchive`.
 *
 * @throws STORE_UNAVAILABLE when the browser has no such file system, or refuses it, as in some private windows
 * @throws STORE_FULL when the origin's quota is used up
 *
 * @example
 * ```ts
 * import { opfsStore } from "@xmtp-backup/browser";
 *
 * const store = opfsStore({ directory: "backups" });
 * ```
 */
export function opfsStore(options: OpfsStoreOptions = {}): ArchiveStore {
  assertShape("opfsStore", options, { directory: "text?" });
  const { directory = "xmtp-backup" } = options;
  return {
    ...directoryStore(() => openOpfsFolder(directory)),

    async usage({ signal } = {}) {
      signal?.throwIfAborted();
      try {
        return await estimateStorage();
      } catch (error) {
        throw toStoreError(error, "The browser does not tell how much room there is.", signal);
      }
    },
  };
}
