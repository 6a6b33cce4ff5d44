import type { ArchiveOutline } from "./archiveEntry.ts";
import type { ArchiveStore } from "../ports/archiveStore.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { openStore } from "../ports/openStore.ts";
import { listArchives } from "./listArchives.ts";

/**
 * What can be known of a store's archives without any key: id, time, size in bytes, and which key made them; newest first.
 *
 * An archive whose manifest does not say which key made it is left out; `backups.list()` has it as damaged or unsupported.
 *
 * @throws STORE_FAILED when the list can't be read
 *
 * @example
 * ```ts
 * import { type ArchiveStore, listOutlines } from "@xmtp-backup/core";
 *
 * const keysInUse = async (store: ArchiveStore) => new Set((await listOutlines(store)).map(({ keyFingerprint }) => keyFingerprint));
 * ```
 */
export async function listOutlines(store: ArchiveStore, options: CallOptions = {}): Promise<ArchiveOutline[]> {
  await openStore(store, options);
  const archives = await listArchives(store, [], options);
  const known = archives.filter(({ keyFingerprint }) => keyFingerprint !== "");
  return known.map(({ id, createdAtMs, sizeBytes, keyFingerprint }) => ({ id, createdAtMs, sizeBytes, keyFingerprint }));
}
