import { BackupError } from "../errors/backupError.ts";
import type { ArchiveEntry } from "./archiveEntry.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import type { ArchiveStore } from "../ports/archiveStore.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { assertArchiveKey } from "./archiveKey.ts";
import { keyForArchive } from "./keysAtHand.ts";
import { callPort } from "../ports/callPort.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { openManifest } from "./sealManifest.ts";
import { fingerprintOf, toManifestKey } from "./manifestKey.ts";
import { openStore } from "../ports/openStore.ts";

/** A listed archive whose manifest could be opened. */
export type OpenEntry = Extract<ArchiveEntry, { seal: "open" }>;

/** Such an archive, and the key that made it. */
export type StoredArchive = { entry: OpenEntry; key: Uint8Array };

export type OpenOptions = CallOptions & {
  /** The archive key. @default the key of the key store that made the archive */
  key?: Uint8Array | undefined;
};

/**
 * Finds one archive of the store, opens its manifest with the key that made it, and gives both. The key is to be overwritten after use.
 *
 * @throws ARCHIVE_NOT_FOUND when no archive of this id is listed
 * @throws ARCHIVE_VERSION_UNSUPPORTED when a newer version made its manifest
 * @throws ARCHIVE_DAMAGED when the right key does not open its manifest
 * @throws KEY_INVALID when the key that is passed is not one
 * @throws KEY_MISSING when there is no key at all
 * @throws KEY_WRONG when none of the keys made it
 */
export async function openStored(
  { store, keys }: Dependencies,
  id: ArchiveId,
  { key: given, ...options }: OpenOptions,
): Promise<StoredArchive> {
  if (given !== undefined) assertArchiveKey(given);
  await openStore(store, options);
  const manifest = await callPort(options, "STORE_FAILED", "The list of archives could not be read.", () =>
    findManifest(store, id, options),
  );
  if (!manifest) throw new BackupError("ARCHIVE_NOT_FOUND", "The store lists no archive of this id.");
  const outline = await openManifest(id, manifest, []);
  assertReadable(outline);
  const key = given ? await assertMaker(given, outline) : await keyForArchive(keys, outline.keyFingerprint, options);
  try {
    const entry = await openManifest(id, manifest, [await toManifestKey(key)]);
    assertReadable(entry);
    if (entry.seal === "open") return { entry, key };
    throw new BackupError("KEY_WRONG", "This key does not open the archive's manifest.");
  } catch (error) {
    key.fill(0);
    throw error;
  }
}

/** Lends what `openStored` finds to `use`, and overwrites the key afterwards; throws as it does. */
export async function withStored<T>(
  dependencies: Dependencies,
  id: ArchiveId,
  options: CallOptions,
  use: (stored: StoredArchive) => T | Promise<T>,
): Promise<T> {
  const stored = await openStored(dependencies, id, options);
  try {
    return await use(stored);
  } finally {
    stored.key.fill(0);
  }
}

function assertReadable({ seal }: ArchiveEntry): void {
  if (seal === "unsupported") throw new BackupError("ARCHIVE_VERSION_UNSUPPORTED", "The archive's manifest was made by a newer version.");
  if (seal !== "damaged") return;
  throw new BackupError("ARCHIVE_DAMAGED", "The archive's manifest is not the one that was stored.", {
    details: "The key that made the archive does not open it, or it is no manifest any more.",
  });
}

async function assertMaker(key: Uint8Array, { keyFingerprint }: ArchiveEntry): Promise<Uint8Array> {
  if ((await fingerprintOf(key)) === keyFingerprint) return new Uint8Array(key);
  throw new BackupError("KEY_WRONG", "This key did not make the archive.", { details: `The archive was made with key ${keyFingerprint}.` });
}

async function findManifest(store: ArchiveStore, id: ArchiveId, options: CallOptions): Promise<Uint8Array | undefined> {
  for await (const stored of store.list(options)) {
    options.signal?.throwIfAborted();
    if (stored.id === id) return stored.manifest;
  }
  return undefined;
}
