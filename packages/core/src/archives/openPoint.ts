import { BackupError } from "../errors/backupError.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import { callPort } from "../ports/callPort.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import type { ArchiveEntry, ChainBreak } from "./archiveEntry.ts";
import { listArchives } from "./listArchives.ts";
import { toManifestKey } from "./manifestKey.ts";
import { type OpenEntry, type OpenOptions, openStored, type StoredArchive } from "./openStored.ts";

/** A restore point: what is stored of it, the whole archive first, and the key that made all of it. */
export type StoredPoint = StoredArchive & {
  /** Its own entry is the last of them, and says what the point holds. */
  chain: readonly OpenEntry[];
};

/**
 * Opens an archive of the store with all that it is based on. The key is to be overwritten after use.
 *
 * @throws CHAIN_BROKEN when an archive that an increment is based on is missing or altered
 * @throws as `openStored` does
 */
export async function openPoint(dependencies: Dependencies, id: ArchiveId, options: OpenOptions): Promise<StoredPoint> {
  const stored = await openStored(dependencies, id, options);
  if (!stored.entry.details.increment) return { ...stored, chain: [stored.entry] };
  try {
    const manifestKey = await toManifestKey(stored.key);
    const entries = await callPort(options, "STORE_FAILED", "The list of archives could not be read.", () =>
      listArchives(dependencies.store, [manifestKey], options),
    );
    const chain = chainOf(entries, id);
    return { key: stored.key, chain, entry: chain.at(-1) ?? stored.entry };
  } catch (error) {
    stored.key.fill(0);
    throw error;
  }
}

/** Lends what `openPoint` finds to `use`, and overwrites the key afterwards; throws as it does. */
export async function withPoint<T>(
  dependencies: Dependencies,
  id: ArchiveId,
  options: OpenOptions,
  use: (point: StoredPoint) => T | Promise<T>,
): Promise<T> {
  const point = await openPoint(dependencies, id, options);
  try {
    return await use(point);
  } finally {
    point.key.fill(0);
  }
}

/**
 * The archives that a restore of one reads, the whole one first.
 *
 * @throws CHAIN_BROKEN when one of them is missing or altered
 */
export function chainOf(entries: readonly ArchiveEntry[], id: ArchiveId): OpenEntry[] {
  const entry = entries.find((each) => each.id === id);
  if (entry?.seal === "chainBroken") throw chainBroken(entry.chainBreak);
  if (entry?.seal !== "open") throw new BackupError("ARCHIVE_NOT_FOUND", "The store lists no archive of this id.");
  const byId = new Map(entries.map((each) => [each.id, each]));
  return (entry.chain ?? [id]).map((each) => byId.get(each) as OpenEntry);
}

const whys: Readonly<Record<ChainBreak["why"], string>> = {
  missing: "is not in the store any more",
  unreadable: "can't be opened",
  altered: "is not the one that this backup was made from",
  otherOwner: "is of another account, device, network or key",
  order: "has another place in its chain",
};

function chainBroken({ why, id }: ChainBreak): BackupError {
  return new BackupError("CHAIN_BROKEN", `This backup is based on an earlier one, which ${whys[why]}.`, {
    details: `The earlier one is archive ${id}. Every backup before it can be restored as before.`,
  });
}
