import type { ArchiveDetails, ArchiveEntry } from "../../archives/archiveEntry.ts";
import type { ArchiveId } from "../../ports/archiveId.ts";
import { type AcceptedSmaller, compareWith, type Comparison, isFarLess, isLess } from "./compareHoldings.ts";
import { isAmongDamaged } from "./damagedArchive.ts";
import { extentOf } from "./isWhole.ts";
import { type ArchiveScope, whyNotOurs } from "./whyNotOurs.ts";

type OpenEntry = ArchiveEntry & { details: ArchiveDetails };

type Compared = { than: OpenEntry; comparison: Comparison };

/** How the newest archive compares with what was stored before it. */
export type Shrinkage = {
  newest: OpenEntry;
  /** Those that hold the most messages and the most conversations, where that is more than the newest one holds. */
  best: ReadonlySet<ArchiveEntry>;
  /** The one that shows a sharp drop: the newest one holds fewer than half of its messages, or of its conversations. */
  drop?: Compared;
  /** How an archive of this inbox and network compares that holds more than the newest one, whatever the user accepted; undefined of others. */
  larger(archive: ArchiveEntry): Comparison | undefined;
};

export type ShrinkageFacts = ArchiveScope & {
  /** Archives that were found damaged or gone. @default none */
  damagedIds?: readonly ArchiveId[] | undefined;
  /** @default the user accepted no drop */
  accepted?: AcceptedSmaller | undefined;
};

/**
 * Compares this installation's newest archive with the best that is still at hand, and so finds a slow decay in many steps too.
 *
 * A client whose database was lost or rolled back goes on backing up; nothing else tells its archives from good ones.
 *
 * @param archives - newest first
 * @returns undefined while there is nothing to compare
 */
export function findShrinkage(archives: readonly ArchiveEntry[], facts: ShrinkageFacts): Shrinkage | undefined {
  const { damagedIds = [], accepted } = facts;
  const newest = archives.find(
    (archive): archive is OpenEntry =>
      archive.details?.verifiedAtMs !== undefined &&
      extentOf(archive.details) === "history" &&
      !archive.details.madeByRevoked &&
      whyNotOurs(archive, facts) === undefined &&
      !isAmongDamaged(archive, damagedIds),
  );
  if (!newest) return undefined;
  const compare = compareWith(newest, accepted);
  const compareAnyway = compareWith(newest);
  let most: Compared | undefined;
  let widest: Compared | undefined;
  let drop: Compared | undefined;

  for (const than of archives) {
    if (than === newest || !compare.mayHoldMore(than) || !isComparable(than, facts)) continue;
    const compared = { than, comparison: compare.with(than) };
    const { comparison } = compared;
    if (lackedMessages(comparison) > lackedMessages(most?.comparison)) most = compared;
    if (lackedConversations(comparison) > lackedConversations(widest?.comparison)) widest = compared;
    if (isFarLess(comparison) && (!drop || lackedMessages(comparison) > lackedMessages(drop.comparison))) drop = compared;
  }
  const best = new Set([most, widest].flatMap((each) => (each ? [each.than] : [])));
  return { newest, best, ...(drop && { drop }), larger };

  function larger(archive: ArchiveEntry): Comparison | undefined {
    if (!compareAnyway.mayHoldMore(archive) || !isComparable(archive, facts)) return undefined;
    const comparison = compareAnyway.with(archive);
    return isLess(comparison) ? comparison : undefined;
  }
}

function lackedMessages(comparison: Comparison | undefined): number {
  return comparison ? Math.max(0, comparison.messages - comparison.ofMessages) : 0;
}

function lackedConversations(comparison: Comparison | undefined): number {
  return comparison ? Math.max(0, comparison.conversations - comparison.ofConversations) : 0;
}

/** Archives of this inbox by this installation, or by one that is gone; what the future holds is a wrong clock's, and no less there. */
function isComparable(archive: ArchiveEntry, facts: ArchiveScope): archive is OpenEntry {
  if (archive.details?.inboxId !== facts.inboxId) return false;
  const why = whyNotOurs(archive, archive.createdAtMs > facts.nowMs ? { ...facts, nowMs: Infinity } : facts);
  return why === undefined || why === "gone";
}
