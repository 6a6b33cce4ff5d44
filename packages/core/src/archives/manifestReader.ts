import type { ArchiveEntry } from "./archiveEntry.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import { openManifest } from "./sealManifest.ts";
import { toManifestKey } from "./manifestKey.ts";

/** Says of the bytes that a store keeps as the manifest of an archive what the archive keys prove. */
export type ManifestReader = (id: ArchiveId, manifest: Uint8Array) => Promise<ArchiveEntry>;

/**
 * Makes a reader of manifests for a store that must tell a proven one from any other.
 *
 * It keeps keys that are derived from the archive keys and reveal none of them, so the caller may overwrite these at once.
 *
 * @example
 * ```ts
 * import { type KeyStore, manifestReader } from "@xmtp-backup/core";
 *
 * async function isProven(keys: KeyStore, id: string, manifest: Uint8Array) {
 *   const read = await manifestReader(await keys.load());
 *   return (await read(id, manifest)).seal === "open";
 * }
 * ```
 */
export async function manifestReader(archiveKeys: readonly Uint8Array[]): Promise<ManifestReader> {
  const keys = await Promise.all(archiveKeys.map(toManifestKey));
  return (id, manifest) => openManifest(id, manifest, keys);
}
