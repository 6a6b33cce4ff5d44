import type { ArchiveDetails, ArchiveOutline } from "../model/archiveEntry.ts";
import type { SyncArchive } from "../model/syncArchive.ts";
import { isComplete } from "./isComplete.ts";
import { dayMs } from "./wallTime.ts";

type NeededDetails = Pick<ArchiveDetails, "inboxId" | "elements" | "counts" | "endNs" | "missingMessages" | "lacks" | "verifiedAtMs">;

/** What a restore is chosen by of a stored archive; every `ArchiveEntry` is one. */
export type RestorableArchive = Pick<ArchiveOutline, "id" | "createdAtMs"> &
  ({ seal: "open"; details: NeededDetails } | { seal: "otherKey" | "damaged" | "unsupported"; details?: undefined });

export type OpenArchive = RestorableArchive & { seal: "open" };

/** A date further ahead than this is that of a clock that was wrong, and tells nothing. */
const clockErrorMs = dayMs;

/** The archives of the inbox that can be read and hold messages, those that reach furthest first. */
export function ownNewestFirst(archives: readonly RestorableArchive[], inboxId: string, nowMs: number): OpenArchive[] {
  const own = archives.filter((archive): archive is OpenArchive => archive.seal === "open" && isOwnHistory(archive.details, inboxId));
  const rank = (archive: OpenArchive) => plausible(reachOf(archive), nowMs);
  return own.sort((a, b) => rank(b) - rank(a) || Number(isSound(b)) - Number(isSound(a)) || (a.id < b.id ? 1 : -1));
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

function isOwnHistory({ inboxId, elements }: NeededDetails, ownInboxId: string): boolean {
  return inboxId === ownInboxId && elements.includes("messages");
}

function plausible(atMs: number, nowMs: number): number {
  return atMs <= nowMs + clockErrorMs ? atMs : -1;
}
