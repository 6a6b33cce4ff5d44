import type { ArchiveEntry } from "../../archives/archiveEntry.ts";
import type { RetentionReason } from "./retentionReason.ts";
import { type Extent, extentOf } from "./isWhole.ts";
import type { Judged } from "./judgeArchives.ts";
import type { Keep } from "./keep.ts";
import { createKeepRules, type Rules, withinMsOf } from "./createKeepRules.ts";
import { createProvenTime, lastMessageOf } from "./createProvenTime.ts";

/** The places that the rules give; to be asked from the newest archive to the oldest. */
export type RulePlaces = {
  /** Every reason to keep the archive that stands there; none when no rule does. */
  keep(index: number): readonly RetentionReason[];
  /** Said of an archive that no rule keeps. */
  otherwise: readonly RetentionReason[];
};

type PlacesScope = { nowMs: number; timeZone: string; inboxId: string; steadyMs?: number | undefined };

/**
 * Whole archives have the places of the rules; others have places of their own, each extent for itself, and take none of a whole one.
 *
 * Those go by the rules while they are newer than the newest whole archive. Older ones go by `last` only, since the whole one holds what
 * they held.
 *
 * @param living - where the newest whole archive stands; -1 when there is none
 */
export function createRulePlaces(
  newestFirst: readonly ArchiveEntry[],
  judged: readonly Judged[],
  living: number,
  keep: Keep,
  scope: PlacesScope,
): RulePlaces {
  const { timeZone, nowMs } = scope;
  const newest = judged.findIndex(({ isOurs }) => isOurs);
  const newestMs = newestFirst[newest]?.createdAtMs ?? nowMs;
  const wholes = createKeepRules(keep, timeZone, newestMs);
  const partials = new Map<Extent, { rules: Rules; oldest: number }>();
  const oldestWhole = judged.findLastIndex(({ isOurs, aside, partial }) => isOurs && aside === undefined && partial === undefined);
  const provenMs =
    keep.within === undefined ? undefined : provenDates(newestFirst, judged, withinMsOf(keep.within, timeZone, newestMs), scope);
  let partialCount = 0;

  function isNew(index: number): boolean {
    return living === -1 || index < living;
  }

  function partialsOf(extent: Extent): { rules: Rules; oldest: number } {
    const known = partials.get(extent);
    if (known) return known;
    const isOne = ({ isOurs, aside, partial }: Judged, index: number) =>
      isNew(index) && isOurs && aside === undefined && partial !== undefined && extentAt(index) === extent;
    const found = { rules: createKeepRules(keep, timeZone, newestMs), oldest: judged.findLastIndex(isOne) };
    partials.set(extent, found);
    return found;
  }

  function extentAt(index: number): Extent {
    const details = newestFirst[index]?.details;
    return details ? extentOf(details) : "none";
  }

  function keepLast(): readonly RetentionReason[] {
    const { last = 0 } = keep;
    if (last === "all") return [{ reason: "all" }];
    return partialCount <= last ? [{ reason: "lastPartial", place: partialCount, of: last }] : [];
  }

  return {
    keep(index) {
      const { createdAtMs } = newestFirst[index] as ArchiveEntry;
      if (judged[index]?.partial === undefined) return wholes.keep(createdAtMs, index === oldestWhole, provenMs?.(index));
      partialCount += 1;
      if (!isNew(index)) return keepLast();
      const { rules, oldest } = partialsOf(extentAt(index));
      return rules.keep(createdAtMs, index === oldest, provenMs?.(index));
    },
    otherwise: wholes.otherwise,
  };
}

/**
 * Which archives were made within a time before the newest, as far as their dates are proven; those of another clock are left out.
 *
 * Once one is too old, so is every one after it.
 */
function provenDates(
  newestFirst: readonly ArchiveEntry[],
  judged: readonly Judged[],
  withinMs: number,
  { nowMs, inboxId, steadyMs }: PlacesScope,
): (index: number) => number {
  const indexes: number[] = [];
  let next = 0;
  let isPast = false;
  let position = -1;

  /** Finds as many archives of this clock as are asked for. */
  function dateAt(wanted: number): number | undefined {
    while (indexes.length <= wanted && next < newestFirst.length) {
      if (judged[next]?.isOurs) indexes.push(next);
      next += 1;
    }
    const index = indexes[wanted];
    return index === undefined ? undefined : newestFirst[index]?.createdAtMs;
  }

  const newestMs = dateAt(0) ?? nowMs;
  const provenAt = createProvenTime(dateAt, newestMs - withinMs, {
    nowMs,
    steadyMs,
    lastMessageMs: () => lastMessageOf(newestFirst, inboxId),
  });

  return (index) => {
    if (isPast) return withinMs;
    while ((indexes[position] ?? -1) < index) {
      position += 1;
      if (dateAt(position) === undefined) break;
    }
    const provenMs = provenAt(position);
    isPast = provenMs <= withinMs;
    return provenMs;
  };
}
