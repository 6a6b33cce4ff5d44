import { BackupError } from "../errors/backupError.ts";
import type { ArchiveEntry } from "../archives/archiveEntry.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import { isAmongDamaged } from "./rules/damagedArchive.ts";
import { extentOf, whyNotWhole } from "./rules/isWhole.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { HostIdentity } from "../ports/host.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { hasBytes } from "../archives/hasBytes.ts";
import { inTurn } from "../archives/inTurn.ts";
import { planStored, type StoredPlan } from "./planStored.ts";
import type { RetentionPolicy } from "./retentionScope.ts";

/**
 * Removes the archives that no rule keeps, and answers with their ids.
 *
 * Just before each removal the store is asked again for the newest whole archive that stays. Nothing is removed until that archive is
 * seen, with its manifest and its bytes.
 *
 * @param madeId - the archive that was just made. It stays with all that it is based on, even where a clock that was set back makes it
 *   look old
 * @throws STORE_MISMATCH when the archive that is to stay is not there any more
 */
export function pruneStored(
  dependencies: Dependencies,
  identity: HostIdentity,
  retention: RetentionPolicy,
  madeId: ArchiveId,
  options: CallOptions,
): Promise<ArchiveId[]> {
  const { store } = dependencies;
  return inTurn(store, options, async () => {
    const plan = await planStored(dependencies, identity, retention, options);
    const made = plan.entries.find(({ id }) => id === madeId);
    const stay = new Set([madeId, ...(made ? withBases(made, plan.entries) : []).map(({ id }) => id)]);
    const ids = plan.decisions.filter(({ action, id }) => action === "remove" && !stay.has(id)).map(({ id }) => id);
    const newest = ids.length > 0 ? findGuard(plan, identity) : undefined;
    const guard = newest && withBases(newest, plan.entries);
    for (const [index, id] of ids.entries()) {
      if (!guard || !(await isThere(dependencies, guard, index === 0, options))) throw guardIsGone();
      await store.remove(id, options);
    }
    return ids;
  });
}

/** The newest archive of this installation that stays and is good: a whole one, or else one of the whole history, or else any. */
function findGuard(
  { entries, decisions, scope: { nowMs, damagedIds = [] } }: StoredPlan,
  { installationId }: HostIdentity,
): ArchiveEntry | undefined {
  const kept = new Set(decisions.filter(({ action }) => action === "keep").map(({ id }) => id));
  const isGood = (archive: ArchiveEntry) =>
    kept.has(archive.id) &&
    archive.createdAtMs <= nowMs &&
    archive.details?.installationId === installationId &&
    archive.details.verifiedAtMs !== undefined &&
    !isAmongDamaged(archive, damagedIds);
  const good = entries.filter(isGood);
  const isWhole = ({ details }: ArchiveEntry) => details !== undefined && whyNotWhole(details) === undefined;
  const isOfHistory = ({ details }: ArchiveEntry) => details !== undefined && extentOf(details) === "history";
  return good.find(isWhole) ?? good.find(isOfHistory) ?? good[0];
}

/** An archive, and those that a restore of it reads too. */
function withBases(archive: ArchiveEntry, entries: readonly ArchiveEntry[]): ArchiveEntry[] {
  const chain = archive.seal === "open" ? (archive.chain ?? []) : [];
  return [archive, ...entries.filter(({ id }) => id !== archive.id && chain.includes(id))];
}

/** @param isFirst - its bytes are looked at once, its manifest each time */
async function isThere({ store }: Dependencies, guard: readonly ArchiveEntry[], isFirst: boolean, options: CallOptions): Promise<boolean> {
  const missing = new Set(guard.map(({ id }) => id));
  for await (const stored of store.list(options)) {
    options.signal?.throwIfAborted();
    missing.delete(stored.id);
  }
  if (missing.size > 0) return false;
  if (isFirst) for (const { id, sizeBytes } of guard) if (!(await hasBytes(store, id, sizeBytes, options))) return false;
  return true;
}

function guardIsGone(): BackupError {
  return new BackupError("STORE_MISMATCH", "Older archives were not removed: the newest whole one is not where it was stored.");
}
