import type { ArchiveDetails } from "../archives/archiveEntry.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import type { Host } from "../ports/host.ts";

const prefix = "whole-";

/** The name of the host's copy of an archive. */
export function copyName(id: ArchiveId): string {
  return `${prefix}${id}`;
}

/** Removes the host's copy of an archive; one that can't be removed goes with the next backup. */
export async function forgetCopy({ kept }: Pick<Host, "kept">, id: ArchiveId): Promise<void> {
  await kept?.remove(copyName(id)).catch(() => undefined);
}

/**
 * Keeps a copy of an archive on this device for the next backup, beside those that it is based on and in place of earlier ones. A store that keeps its archives here needs
 * none. An archive that is too large, or that no backup builds on, has none. A copy that can't be kept is no failure of the backup.
 */
export async function keepCopy(
  { host: { kept }, store, reuse }: Dependencies,
  { id, details: { freshAtMs, cutNs }, baseIds }: { id: ArchiveId; details: ArchiveDetails; baseIds: readonly ArchiveId[] },
  archive: Blob,
  options: CallOptions,
): Promise<void> {
  if (!kept) return;
  const isUseful = freshAtMs !== undefined && cutNs !== undefined && reuse && !store.features.local;
  const baseNames = new Set(baseIds.map(copyName));
  try {
    const before = await kept.list(options);
    const bytes = before.reduce((sum, { name, sizeBytes }) => sum + (baseNames.has(name) ? sizeBytes : 0), archive.size);
    const isWanted = isUseful && bytes <= reuse.maxCopyBytes;
    if (isWanted) await kept.put(copyName(id), archive, options);
    for (const { name } of await kept.list(options)) {
      if (name.startsWith(prefix) && !(isWanted && (name === copyName(id) || baseNames.has(name)))) await kept.remove(name, options);
    }
  } catch {
    options.signal?.throwIfAborted();
  }
}
