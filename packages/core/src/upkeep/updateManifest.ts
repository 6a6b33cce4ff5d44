import type { ArchiveDetails, ArchiveEntry } from "../archives/archiveEntry.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import { listArchives } from "../archives/listArchives.ts";
import { toManifestKey } from "../archives/manifestKey.ts";
import type { ArchiveStore } from "../ports/archiveStore.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { callPort } from "../ports/callPort.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { inTurn } from "../archives/inTurn.ts";
import { withStored } from "../archives/openStored.ts";
import { writeManifest } from "../archives/writeManifest.ts";

/**
 * Changes what the manifest of a stored archive says, sealed with the key that made the archive; its bytes stay as they are.
 *
 * @throws ARCHIVE_NOT_FOUND when no archive of this id is listed
 * @throws ARCHIVE_DAMAGED when the right key does not open its manifest
 * @throws ARCHIVE_VERSION_UNSUPPORTED when a newer version made it
 * @throws KEY_MISSING when there is no key at all
 * @throws KEY_WRONG when none of the keys made it
 */
export function updateManifest(
  dependencies: Dependencies,
  id: ArchiveId,
  change: (details: ArchiveDetails) => ArchiveDetails,
  options: CallOptions,
): Promise<ArchiveEntry> {
  const { store, clock } = dependencies;
  return inTurn(store, options, () =>
    withStored(dependencies, id, options, async ({ entry, key }) => {
      const changedAtMs = Math.max(clock.now(), (entry.details.changedAtMs ?? entry.createdAtMs) + 1);
      const changed = await callPort(options, "STORE_FAILED", "The manifest could not be stored.", () =>
        writeManifest(store, entry, { ...change(entry.details), changedAtMs }, key, options),
      );
      return entry.details.increment ? asListed(store, changed, key, options) : changed;
    }),
  );
}

/** The entry of an increment with all that its restore point holds. */
async function asListed(store: ArchiveStore, entry: ArchiveEntry, key: Uint8Array, options: CallOptions): Promise<ArchiveEntry> {
  const entries = await listArchives(store, [await toManifestKey(key)], options);
  return entries.find(({ id }) => id === entry.id) ?? entry;
}
