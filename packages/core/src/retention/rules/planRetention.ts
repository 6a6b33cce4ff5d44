import type { ArchiveEntry } from "../../archives/archiveEntry.ts";
import type { ArchiveId } from "../../ports/archiveId.ts";
import type { PartialReason } from "./partialReason.ts";
import type { RetentionReason } from "./retentionReason.ts";
import { findShrinkage } from "./findShrinkage.ts";
import type { AcceptedSmaller } from "./compareHoldings.ts";
import { type Judged, judgeArchives } from "./judgeArchives.ts";
import type { Keep } from "./keep.ts";
import { createRulePlaces } from "./createRulePlaces.ts";
import { isRevoked } from "./whyNotOurs.ts";

export type { Keep };

/** Says of one archive whether it stays and why: every rule that keeps it, or that none does; `describeRetention` says it in words. */
export type RetentionDecision = { id: ArchiveId; action: "keep" | "remove"; reasons: readonly RetentionReason[] };

/** When and for whom archives are kept. */
export type RetentionScope = {
  /** Milliseconds since 1970. */
  nowMs: number;
  /** The IANA zone whose days, weeks, months and years count. */
  timeZone: string;
  inboxId: string;
  /** The network of this client, as `networkName` names it. @default not known: archives of every network count */
  network?: string | undefined;
  /** The installations that prune for each other. @default every installation of the inbox */
  installationIds?: readonly string[] | undefined;
  /**
   * The installations that are in the inbox now, as the network has just said; archives of others come under the rules too.
   *
   * @default not known: archives of other installations are kept
   */
  currentInstallationIds?: readonly string[] | undefined;
  /** Archives that were found damaged or gone since they were verified. @default none */
  damagedIds?: readonly ArchiveId[] | undefined;
  /** The user's word that the newest archive may hold less. @default none */
  accepted?: AcceptedSmaller | undefined;
  /** How long this process has run on a clock that nobody set meanwhile, in milliseconds. @default not known */
  steadyMs?: number | undefined;
};

/**
 * Says of every archive whether it is kept, newest first.
 *
 * Only whole archives take places in the rules: verified ones of all elements and all time in which nothing is missing. Others stay as the
 * rules say among their kind while they are newer than the newest whole one, and as `last` says after that. The kinds are archives of
 * messages of all time, of a part of the time, and without messages.
 *
 * These are never removed, whatever the rules say:
 *
 * - the newest whole archive, or the newest one of each kind if none is whole
 * - the one that holds the most, and all that hold more after a sharp drop (unless `keep.larger` is false)
 * - one that the user pinned or named (unless `keep.pinned` is false)
 * - one dated in the future
 * - one of another inbox, or of another installation that is still in this one
 * - one that another is based on, and one whose manifest can't be read
 *
 * @example
 * ```ts
 * import { type ArchiveEntry, planRetention } from "@xmtp-backup/core";
 *
 * function toRemove(archives: ArchiveEntry[], inboxId: string, nowMs: number): string[] {
 *   const plan = planRetention(archives, { last: 3, monthly: 12 }, { nowMs, timeZone: "Europe/Lisbon", inboxId });
 *   return plan.filter(({ action }) => action === "remove").map(({ id }) => id);
 * }
 * ```
 */
export function planRetention(archives: readonly ArchiveEntry[], keep: Keep, scope: RetentionScope): RetentionDecision[] {
  const newestFirst = onceEach(sortNewestFirst(archives));
  const { judged, living, fallbacks } = judgeArchives(newestFirst, keep, scope);
  const places = createRulePlaces(newestFirst, judged, living, keep, scope);
  const whyProtected = protections(newestFirst, keep, scope);

  const plan = newestFirst.map((archive, index): RetentionDecision => {
    const { id, details } = archive;
    const { aside, partial, isGone } = judged[index] as Judged;
    let reasons: readonly RetentionReason[] = aside === undefined ? places.keep(index) : [aside];
    if (index === living) reasons = [...reasons, { reason: "newestWhole" }];
    if (fallbacks.has(index)) reasons = [...reasons, { reason: "newestOfKind", isVerified: details?.verifiedAtMs !== undefined }];
    if (reasons.length === 0 && whyProtected) reasons = whyProtected(archive);
    const action = reasons.length > 0 ? "keep" : "remove";
    if (action === "remove") reasons = places.otherwise;
    if (aside === undefined && (isGone || partial !== undefined)) reasons = [...reasons, ...whatKind(archive, partial, isGone)];
    return { id, action, reasons };
  });
  return keepBases(plan, newestFirst);
}

/** The archives that a restore of a kept one reads stay with it. */
function keepBases(plan: RetentionDecision[], archives: readonly ArchiveEntry[]): RetentionDecision[] {
  const chains = new Map(archives.flatMap((each) => (each.seal === "open" && each.chain ? [[each.id, each.chain] as const] : [])));
  const parents = archives.flatMap(({ details }) => details?.parent ?? []);
  if (chains.size + parents.length === 0) return plan;
  const neededBy = new Map<ArchiveId, number>(parents.map((id) => [id, 1]));
  for (const { id, action } of plan) {
    if (action !== "keep") continue;
    // A chain names all of its archives. What it names may still have a chain of its own.
    const needed = new Set<ArchiveId>([id]);
    for (const each of needed) for (const base of chains.get(each) ?? []) needed.add(base);
    for (const each of needed) if (each !== id) neededBy.set(each, (neededBy.get(each) ?? 0) + 1);
  }
  return plan.map((decision) => {
    const { id, action, reasons } = decision;
    const points = neededBy.get(id);
    if (points === undefined) return decision;
    return { id, action: "keep", reasons: [...(action === "keep" ? reasons : []), { reason: "base", neededBy: points }] };
  });
}

const none: readonly RetentionReason[] = Object.freeze([]);

/** Says why an archive stays that no rule keeps; undefined when nothing protects any. */
function protections(
  newestFirst: readonly ArchiveEntry[],
  keep: Keep,
  scope: RetentionScope,
): ((archive: ArchiveEntry) => readonly RetentionReason[]) | undefined {
  if (isRevoked(scope)) return () => [{ reason: "revoked" }];
  const shrinkage = keep.larger === false ? undefined : findShrinkage(newestFirst, scope);
  if (!shrinkage || shrinkage.best.size === 0) return undefined;
  const { best, drop, larger } = shrinkage;
  return (archive) => {
    if (drop && larger(archive)) return [{ reason: "holdsMore" }];
    return best.has(archive) ? [{ reason: "holdsMost" }] : none;
  };
}

/** What is to be known of an archive that takes no place of a whole one, or comes from another installation. */
function whatKind({ details }: ArchiveEntry, partial: PartialReason | undefined, isGone: boolean): RetentionReason[] {
  return [
    ...(partial === undefined ? [] : [{ reason: "notWhole" as const, why: partial }]),
    ...(isGone ? [{ reason: "gone" as const, installationId: details?.installationId ?? "" }] : []),
  ];
}

/** The same order as a list of archives has; a list in this order is not sorted again. */
function sortNewestFirst(archives: readonly ArchiveEntry[]): readonly ArchiveEntry[] {
  let previous: ArchiveEntry | undefined;
  for (const archive of archives) {
    if (previous && compareNewestFirst(previous, archive) > 0) return [...archives].sort(compareNewestFirst);
    previous = archive;
  }
  return archives;
}

/** A list that names an archive twice must not remove it in its second place. */
function onceEach(newestFirst: readonly ArchiveEntry[]): readonly ArchiveEntry[] {
  const ids = new Set<ArchiveId>();
  for (const { id } of newestFirst) ids.add(id);
  return ids.size === newestFirst.length ? newestFirst : newestFirst.filter(({ id }) => ids.delete(id));
}

function compareNewestFirst(a: ArchiveEntry, b: ArchiveEntry): number {
  return b.createdAtMs - a.createdAtMs || (a.id < b.id ? 1 : -1);
}
