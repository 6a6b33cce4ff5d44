import type { ArchiveGroup, ArchiveGroupValues } from "@xmtp-backup/archive";
import type { DatedValues } from "../archives/archivedValues.ts";

/** What is remembered of a restored conversation. */
type Remembered = { readonly id: string; readonly archived?: DatedValues; readonly hasLeft?: boolean };

/**
 * What a backup writes of conversations whose record is only the placeholder of a restore: what the archive said that they came from.
 *
 * The memory is a hint. It counts for a conversation that is still inactive, and whose record names the user as the SDK's import does.
 *
 * @param remembered - of one that comes twice, the newest archive counts
 */
export function restoredValues(
  ownInboxId: string,
  inactiveIds: ReadonlySet<string>,
  remembered: readonly Remembered[],
): (group: ArchiveGroup) => ArchiveGroupValues | undefined {
  const known = new Map<string, { archived: DatedValues; hasLeft: boolean }>();
  for (const { id, archived, hasLeft = false } of remembered) {
    if (archived && archived.exportedAtNs > (known.get(id)?.archived.exportedAtNs ?? -1n)) known.set(id, { archived, hasLeft });
  }
  return ({ id, addedByInboxId }) => {
    const memory = known.get(id);
    if (!memory || !inactiveIds.has(id) || addedByInboxId !== ownInboxId) return undefined;
    const { exportedAtNs: _exportedAtNs, ...values } = memory.archived;
    return { ...values, membershipState: memory.hasLeft ? "pendingRemove" : "allowed" };
  };
}
