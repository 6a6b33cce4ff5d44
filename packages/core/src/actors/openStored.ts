import { BackupError } from "../errors/backupError.ts";
import type { ArchiveEntry, ArchiveId } from "../model/archiveEntry.ts";
import type { ArchiveStore } from "../ports/archiveStore.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { keyForArchive } from "./archiveKeys.ts";
import { callPort } from "./callPort.ts";
import type { Dependencies } from "./dependencies.ts";
import { openManifest } from "./manifest.ts";
import { toManifestKey } from "./manifestKey.ts";
import { openStore } from "./openStore.ts";

/** A listed archive whose manifest could be opened, and the key that made it. */
export type StoredArchive = { entry: Extract<ArchiveEntry, { seal: "open" }>; key: Uint8Array };

/**
 * Finds one archive of the store and opens its manifest with the key that made it.
 *
 * @throws ARCHIVE_NOT_FOUND when no archive of this id is listed
 * @throws ARCHIVE_DAMAGED when the right key does not open its manifest
 * @throws KEY_MISSING when there is no key at all
 * @throws KEY_WRONG when none of the keys made it
 */
export async function openStored({ store, keys }: Dependencies, id: ArchiveId, options: CallOptions): Promise<StoredArchive> {
  await openStore(store, options);
  const manifest = await callPort(options, "STORE_FAILED", "The list of archives could not be read.", () => findManifest(store, id, options));
  const outline = manifest && (await openManifest(manifest, []));
  if (!outline || outline.id !== id) throw new BackupError("ARCHIVE_NOT_FOUND", "The store lists no archive of this id.");
  const key = await keyForArchive(keys, outline.keyFingerprint, options);
  const entry = await openManifest(manifest, [await toManifestKey(key)]);
  if (entry?.seal === "open") return { entry, key };
  throw new BackupError("ARCHIVE_DAMAGED", "The archive's manifest is not the one that was stored.", {
    details: "The key that made the archive does not open it.",
  });
}

async function findManifest(store: ArchiveStore, id: ArchiveId, options: CallOptions): Promise<Uint8Array | undefined> {
  for await (const stored of store.list(options)) {
    options.signal?.throwIfAborted();
    if (stored.id === id) return stored.manifest;
  }
  return undefined;
}
