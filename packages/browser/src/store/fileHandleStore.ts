import { type ArchiveStore, assertShape } from "@xmtp-backup/core";
import { assertPermitted } from "./directoryPermission.ts";
import { directoryStore } from "./directoryStore.ts";
import { assertPicked, type PickedDirectory } from "./pickedDirectory.ts";

export type FileHandleStoreOptions = {
  /** The folder that the user picks, which may be later than the store is made. A handle of a folder that the app has already works too. */
  directory: PickedDirectory | FileSystemDirectoryHandle;
};

/**
 * Keeps archives in a folder of the user's own, on their disk or one that another program syncs: `<id>.xmtp` and, written
 * last, `<id>.manifest.json`.
 *
 * The files stay when the site's data is cleared. An upload that another device did not finish stays, because its age is unknown. A
 * page can't ask how full the disk is, so there is no `usage`.
 *
 * @throws STORE_UNAVAILABLE when no folder was picked, or it is not there, as on a disk that was taken out
 * @throws STORE_DENIED when the browser wants to ask the user again (`ask` of the picked directory), or the user refused
 * @throws STORE_FULL when the disk is full
 *
 * @example
 * ```ts
 * import { fileHandleStore, pickedDirectory } from "@xmtp-backup/browser";
 *
 * const store = fileHandleStore({ directory: pickedDirectory() });
 * ```
 */
export function fileHandleStore(options: FileHandleStoreOptions): ArchiveStore {
  assertShape("fileHandleStore", options, { directory: "object" });
  const { directory } = options;
  const store = directoryStore(async () => {
    const handle = "recall" in directory ? assertPicked(await directory.recall()) : directory;
    await assertPermitted(handle);
    // A folder that is gone would look like one without the archive that is asked for.
    await handle.keys().next();
    return handle;
  });
  return {
    ...store,
    // A sync program keeps the time that another device gave a file, by a clock that may be wrong, and a page sees no other time.
    unfinished: async (options) => (await store.unfinished(options)).map(({ id }) => ({ id })),
  };
}
