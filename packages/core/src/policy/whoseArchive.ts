import type { ArchiveEntry } from "../model/archiveEntry.ts";
import { isSameNetwork } from "../model/network.ts";

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

/** Said of an archive whose installation is not in the inbox any more, as a mark: it is compared by identity. */
export const gone = "its installation is no longer in the inbox";

/** Why the rules do not speak of an archive, or not at once: `gone`; undefined of one of this installation. */
export function whyNotOurs({ details, createdAtMs }: ArchiveEntry, scope: ArchiveScope): string | undefined {
  const { nowMs, inboxId, network, installationIds, currentInstallationIds } = scope;
  if (!details) return "its manifest can't be read with the keys at hand";
  if (details.inboxId !== inboxId) return "it belongs to another inbox";
  if (details.network !== network && !isSameNetwork(details.network, network)) return "it belongs to another network";
  if (installationIds && !isAmong(installationIds, details.installationId)) {
    // The list is this network's: of an archive whose network is not known it says nothing.
    const isListed = currentInstallationIds !== undefined && (details.network === undefined) === (network === undefined);
    const isGone = isListed && !isAmong(currentInstallationIds, details.installationId);
    if (!isGone) return "it belongs to another installation";
    if (createdAtMs <= nowMs) return gone;
  }
  return createdAtMs > nowMs ? "its date lies in the future" : undefined;
}

/** Whether this installation is known to be in its inbox no more. */
export function isRevoked({ installationIds, currentInstallationIds }: Pick<ArchiveScope, "installationIds" | "currentInstallationIds">): boolean {
  if (!installationIds || !currentInstallationIds) return false;
  return !installationIds.some((id) => isAmong(currentInstallationIds, id));
}

/** Enough of an installation's id to tell it from others. */
export function shortName(installationId = ""): string {
  return installationId.slice(0, 8);
}

/** As `includes` does, in half the time. */
function isAmong(ids: readonly string[], id: string): boolean {
  for (const each of ids) if (each === id) return true;
  return false;
}
