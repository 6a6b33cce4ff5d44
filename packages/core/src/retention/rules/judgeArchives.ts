import type { ArchiveEntry } from "../../archives/archiveEntry.ts";
import type { PartialReason } from "./partialReason.ts";
import type { RetentionReason } from "./retentionReason.ts";
import type { ShrinkageFacts } from "./findShrinkage.ts";
import { compareWith, holdsOther } from "./compareHoldings.ts";
import { type Extent, extentOf, whyNotWhole } from "./isWhole.ts";
import type { Keep } from "./keep.ts";
import { isAmongDamaged } from "./damagedArchive.ts";
import { pinnedOrNamed } from "./pinnedOrNamed.ts";
import { whyNotOurs } from "./whyNotOurs.ts";

/** What is to be known of an archive before the rules are asked. */
export type Judged = {
  /** Why the rules are not asked at all: it stays. */
  aside: RetentionReason | undefined;
  /** Why it takes no place of a whole archive. */
  partial: PartialReason | undefined;
  /** Its installation is not in the inbox any more. */
  isGone: boolean;
  /** It is of the same clock as the newest: of this installation, or of one whose archives it takes over. */
  isOurs: boolean;
};

export type Judgement = {
  judged: readonly Judged[];
  /** Where the newest whole archive of this installation stands; -1 when there is none. */
  living: number;
  /** Where there is none: its newest archive of each extent, one that was verified where there is any. */
  fallbacks: ReadonlySet<number>;
};

/** What most archives are. */
const ordinary: Judged = Object.freeze({ aside: undefined, partial: undefined, isGone: false, isOurs: true });

/** @param newestFirst - every archive of the store */
export function judgeArchives(newestFirst: readonly ArchiveEntry[], keep: Keep, scope: ShrinkageFacts): Judgement {
  const { damagedIds = [] } = scope;
  let living = -1;
  const fallbacks = new Map<Extent, { index: number; isVerified: boolean }>();
  let hasGone = false;

  const judged = newestFirst.map((archive, index): Judged => {
    const foreign = whyNotOurs(archive, scope);
    const { details } = archive;
    if (foreign !== undefined && foreign !== "gone")
      return { aside: { reason: foreign }, partial: undefined, isGone: false, isOurs: false };
    if (details === undefined) return { aside: { reason: "unreadable" }, partial: undefined, isGone: false, isOurs: false };
    const isDamaged = isAmongDamaged(archive, damagedIds);
    const partial = whyNotWhole(details, isDamaged);
    const isGone = foreign === "gone";
    hasGone ||= isGone;
    if (!isGone && partial === undefined && living === -1) living = index;
    if (!isGone && living === -1 && !isDamaged) noteFallback(extentOf(details), index, details.verifiedAtMs !== undefined);
    const aside = keep.pinned === false ? undefined : pinnedOrNamed(details);
    return aside === undefined && partial === undefined && !isGone ? ordinary : { aside, partial, isGone, isOurs: true };
  });
  if (hasGone) setGoneAside(judged, newestFirst, newestFirst[living], scope);
  return { judged, living, fallbacks: new Set(living === -1 ? [...fallbacks.values()].map(({ index }) => index) : []) };

  function noteFallback(extent: Extent, index: number, isVerified: boolean): void {
    const before = fallbacks.get(extent);
    if (!before || (isVerified && !before.isVerified)) fallbacks.set(extent, { index, isVerified });
  }
}

/** Archives of installations that are gone wait for a whole one of this installation, and stay while they hold what that does not. */
function setGoneAside(
  judged: Judged[],
  newestFirst: readonly ArchiveEntry[],
  living: ArchiveEntry | undefined,
  { accepted }: ShrinkageFacts,
): void {
  const newest = living?.details && { id: living.id, details: living.details };
  const compare = newest && compareWith(newest);
  for (const [index, each] of judged.entries()) {
    const { id, details } = newestFirst[index] as ArchiveEntry;
    if (!each.isGone || each.aside !== undefined || details === undefined) continue;
    const { installationId } = details;
    if (!newest || !compare) {
      judged[index] = { ...each, isOurs: false, aside: { reason: "goneFirst", installationId } };
    } else if (!(accepted && Object.hasOwn(accepted.archives, id)) && holdsOther({ id, details }, newest, compare.with({ id, details }))) {
      judged[index] = { ...each, aside: { reason: "goneHoldsOther", installationId } };
    }
  }
}
