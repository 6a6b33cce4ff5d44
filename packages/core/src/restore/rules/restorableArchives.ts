import type { ArchiveDetails, ArchiveOutline } from "../../archives/archiveEntry.ts";
import { isSameNetwork } from "../../ports/network.ts";
import type { SyncArchive } from "../../ports/syncArchive.ts";
import { isComplete } from "../../retention/rules/isComplete.ts";
import { dayMs } from "../../time/wallTime.ts";

type NeededDetails = Pick<
  ArchiveDetails,
  "inboxId" | "network" | "elements" | "counts" | "endNs" | "missingMessages" | "lacks" | "verifiedAtMs" | "madeByRevoked"
> & {
  /** @default not known */
  installationId?: string;
};

/** What a restore is chosen by of a stored archive; every `ArchiveEntry` is one. */
export type RestorableArchive = Pick<ArchiveOutline, "id" | "createdAtMs"> &
  (
    | { seal: "open"; details: NeededDetails; isOtherNetwork?: boolean }
    | { seal: "otherKey" | "damaged" | "unsupported" | "chainBroken"; details?: undefined }
  );

export type OpenArchive = RestorableArchive & { seal: "open" };

/** A date further ahead than this is that of a clock that was wrong, and tells nothing. */
const clockErrorMs = dayMs;

/** Whose history is looked for. */
export type Owner = { inboxId: string; network?: string | undefined };

/**
 * The archives of the inbox that can be read and hold messages of this network, those that reach furthest first. A revoked installation's
 * come after all others.
 */
export function ownNewestFirst(archives: readonly RestorableArchive[], owner: Owner, nowMs: number): OpenArchive[] {
  const own = archives.filter((archive): archive is OpenArchive => isOwnHistory(archive, owner.inboxId) && !isElsewhere(archive, owner));
  const rank = (archive: OpenArchive) => plausible(reachOf(archive), nowMs);
  return own.sort(
    (a, b) =>
      Number(isOfRevoked(a)) - Number(isOfRevoked(b)) ||
      rank(b) - rank(a) ||
      Number(isSound(b)) - Number(isSound(a)) ||
      (a.id < b.id ? 1 : -1),
  );
}

/** The newest offer that holds messages, if it reaches further than `sinceMs`. */
export function newestOffer(offers: readonly SyncArchive[], nowMs: number, sinceMs = -Infinity): SyncArchive | undefined {
  const useful = offers.filter(({ elements, exportedAtMs }) => elements.includes("messages") && exportedAtMs > sinceMs);
  return useful.sort((a, b) => plausible(b.exportedAtMs, nowMs) - plausible(a.exportedAtMs, nowMs))[0];
}

/** Until when an archive holds messages, in milliseconds since 1970. */
export function reachOf({ createdAtMs, details: { endNs } }: OpenArchive): number {
  return endNs === undefined ? createdAtMs : Math.min(Number(endNs / 1_000_000n), createdAtMs);
}

/** Whether an archive was read back and found whole, and no message is missing in it. */
export function isSound({ details }: OpenArchive): boolean {
  return details.verifiedAtMs !== undefined && isComplete(details);
}

/** Whether an archive holds messages of the inbox, on whichever network. */
export function isOwnHistory(archive: RestorableArchive, inboxId: string): archive is OpenArchive {
  return archive.seal === "open" && archive.details.inboxId === inboxId && archive.details.elements.includes("messages");
}

/** Whether an archive is known to be of another network. */
export function isElsewhere({ isOtherNetwork = false, details }: OpenArchive, { network }: Owner): boolean {
  return isOtherNetwork || !isSameNetwork(details.network, network);
}

/** Whether the installation that made it was not in the inbox any more: what came since then is not in it. */
export function isOfRevoked({ details: { madeByRevoked = false } }: OpenArchive): boolean {
  return madeByRevoked;
}

function plausible(atMs: number, nowMs: number): number {
  return atMs <= nowMs + clockErrorMs ? atMs : -1;
}
