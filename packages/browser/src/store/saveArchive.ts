import type { ArchiveEntry, ArchiveStore } from "@xmtp-backup/core";
import { archiveFileName, defaultAppName } from "./archiveFileName.ts";
import { downloadFile } from "./downloadFile.ts";

export type SaveArchiveOptions = {
  /** The app's name, which the file's begins with. @default "XMTP backup" */
  app?: string;
  signal?: AbortSignal;
};

/**
 * Saves a copy of an archive on the user's computer, as a download named like `Messenger 2026-03-29 14.05.xmtp`.
 *
 * The file is the archive as it is stored: encrypted, and restored with the archive key alone (`pickArchive`). A page does not learn
 * whether a download was kept, so say "saved to your downloads" and not "safe".
 *
 * @throws ARCHIVE_NOT_FOUND when the store has no such archive
 * @throws STORE_UNAVAILABLE when there is no page, as in a worker
 *
 * @example
 * ```ts
 * import type { ArchiveEntry, ArchiveStore } from "@xmtp-backup/core";
 * import { saveArchive } from "@xmtp-backup/browser";
 *
 * function onSave(store: ArchiveStore, archive: ArchiveEntry) {
 *   return saveArchive(store, archive, { app: "Messenger" });
 * }
 * ```
 */
export async function saveArchive(
  store: Pick<ArchiveStore, "get">,
  { id, createdAtMs }: Pick<ArchiveEntry, "id" | "createdAtMs">,
  { app = defaultAppName, signal }: SaveArchiveOptions = {},
): Promise<void> {
  const archive = await store.get(id, { signal });
  signal?.throwIfAborted();
  downloadFile(archive, archiveFileName(app, { createdAtMs }));
}
