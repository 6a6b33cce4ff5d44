import { BackupError } from "../errors/backupError.ts";
import type { ArchiveDetails, ArchiveEntry, ArchiveOutline } from "./archiveEntry.ts";
import type { ArchiveStore } from "../ports/archiveStore.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { openManifest, sealManifest } from "./sealManifest.ts";
import { toManifestKey } from "./manifestKey.ts";

/** Seals a manifest, makes sure that it opens again, and stores it in one step, in place of an earlier one. */
export async function writeManifest(
  store: ArchiveStore,
  { id, createdAtMs, sizeBytes }: Omit<ArchiveOutline, "keyFingerprint">,
  details: ArchiveDetails,
  archiveKey: Uint8Array,
  options: CallOptions,
): Promise<ArchiveEntry> {
  const key = await toManifestKey(archiveKey);
  const manifest = await sealManifest({ id, createdAtMs, sizeBytes }, details, key);
  const entry = await openManifest(id, manifest, [key]);
  if (entry.seal !== "open") throw new BackupError("STORE_FAILED", "The manifest could not be read back.");
  await store.putManifest(id, manifest, options);
  return entry;
}
