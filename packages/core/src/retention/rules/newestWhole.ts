import type { ArchiveDetails, ArchiveEntry } from "../../archives/archiveEntry.ts";
import type { ArchiveId } from "../../ports/archiveId.ts";
import { isSameNetwork } from "../../ports/network.ts";
import { isAmongDamaged } from "./damagedArchive.ts";
import { whyNotWhole } from "./isWhole.ts";

/** Whose archives count. */
export type Owner = {
  inboxId: string;
  /** @default not known: archives of every installation count alike */
  installationId?: string | undefined;
  /** @default not known: archives of every network count */
  network?: string | undefined;
};

/**
 * The newest whole archive of this installation that was verified; where it has none, that of the inbox.
 *
 * @param archives - newest first
 * @param damagedId - an archive that can't be read back
 */
export function newestWhole(
  archives: readonly ArchiveEntry[],
  owner: Owner,
  nowMs: number,
  damagedId?: ArchiveId,
): ArchiveEntry | undefined {
  const good = archives.filter(
    (archive) =>
      archive.createdAtMs <= nowMs &&
      isOfInbox(archive.details, owner) &&
      whyNotWhole(archive.details, isAmongDamaged(archive, damagedId === undefined ? [] : [damagedId])) === undefined,
  );
  return good.find(({ details }) => details?.installationId === owner.installationId) ?? good[0];
}

export function isOfInbox(details: ArchiveDetails | undefined, { inboxId, network }: Owner): details is ArchiveDetails {
  return details?.inboxId === inboxId && isSameNetwork(details.network, network);
}
