import type { ArchiveEntry } from "../../archives/archiveEntry.ts";
import { isSameNetwork } from "../../ports/network.ts";
import type { ForeignReason } from "./retentionReason.ts";

/** For whom archives are judged. */
export type ArchiveScope = {
  inboxId: string;
  /** The network of this client, as `networkName` names it. @default not known: archives of every network count */
  network?: string | undefined;
  /** Milliseconds since 1970. */
  nowMs: number;
  /** The installations that prune for each other. @default every installation of the inbox */
  installationIds?: readonly string[] | undefined;
  /**
   * The installations that are in the inbox now, as the network has just said; archives of others come under the rules too.
   *
   * @default not known: archives of other installations are kept
   */
  currentInstallationIds?: readonly string[] | undefined;
};

/**
 * Why the rules do not speak of an archive, or not at once: `gone`, its installation is not in the inbox any more. Undefined for an
 * archive of this installation.
 */
export function whyNotOurs({ details, createdAtMs }: ArchiveEntry, scope: ArchiveScope): ForeignReason | "gone" | undefined {
  const { nowMs, inboxId, network, installationIds, currentInstallationIds } = scope;
  if (!details) return "unreadable";
  if (details.inboxId !== inboxId) return "otherInbox";
  if (details.network !== network && !isSameNetwork(details.network, network)) return "otherNetwork";
  if (installationIds && !isAmong(installationIds, details.installationId)) {
    // The list is this network's: about an archive of an unknown network it says nothing.
    const isListed = currentInstallationIds !== undefined && (details.network === undefined) === (network === undefined);
    const isGone = isListed && !isAmong(currentInstallationIds, details.installationId);
    if (!isGone) return "otherInstallation";
    if (createdAtMs <= nowMs) return "gone";
  }
  return createdAtMs > nowMs ? "future" : undefined;
}

/** Whether this installation is known to be in its inbox no more. */
export function isRevoked({
  installationIds,
  currentInstallationIds,
}: Pick<ArchiveScope, "installationIds" | "currentInstallationIds">): boolean {
  if (!installationIds || !currentInstallationIds) return false;
  return !installationIds.some((id) => isAmong(currentInstallationIds, id));
}

/** As `includes` does, in half the time. */
function isAmong(ids: readonly string[], id: string): boolean {
  for (const each of ids) if (each === id) return true;
  return false;
}
