import type { ArchiveEntry, ArchiveId } from "../model/archiveEntry.ts";
import type { Keep } from "./keep.ts";
import { createRules } from "./retentionRules.ts";

export type { Keep };

/** Says of one archive whether it stays and why: every rule that keeps it, or that none does. */
export type RetentionDecision = { id: ArchiveId; action: "keep" | "remove"; reasons: readonly string[] };

/** When and for whom archives are kept. */
export type RetentionScope = {
  /** Milliseconds since 1970. */
  nowMs: number;
  /** The IANA zone whose days, weeks, months and years count. */
  timeZone: string;
  inboxId: string;
  /** The installations that prune for each other. @default every installation of the inbox */
  installationIds?: readonly string[];
};

/**
 * Says of every archive whether it is kept, newest first.
 *
 * Whatever the rules say, these are never removed: the newest archive that was verified, one that the user pinned or
 * named (unless `keep.pinned` is false), one dated in the future, one of another inbox or installation, one that
 * another is based on, and one whose manifest can't be read.
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
  const newestFirst = sortNewestFirst(archives);
  const chosen = keep.pinned === false ? () => undefined : whyChosen;
  const newest = newestFirst.find((archive) => whyNotOurs(archive, scope) === undefined);
  const oldest = newestFirst.findLast((archive) => (whyNotOurs(archive, scope) ?? chosen(archive)) === undefined);
  const rules = createRules(keep, scope.timeZone, newest?.createdAtMs ?? scope.nowMs);
  const parents = new Set<ArchiveId>();
  let isVerifiedFound = false;

  const plan = newestFirst.map((archive) => {
    const { id, createdAtMs, details } = archive;
    if (details?.parent !== undefined) parents.add(details.parent);
    const foreign = whyNotOurs(archive, scope);
    const aside = foreign ?? chosen(archive);
    let reasons = aside === undefined ? rules.keep(createdAtMs, archive === oldest) : [aside];
    if (!isVerifiedFound && foreign === undefined && details?.verifiedAtMs !== undefined) {
      isVerifiedFound = true;
      reasons = [...reasons, "it is the newest one that was verified"];
    }
    return reasons.length > 0 ? toKeep(id, reasons) : { id, action: "remove" as const, reasons: rules.otherwise };
  });
  if (parents.size === 0) return plan;
  return plan.map((decision) => {
    const { id, action, reasons } = decision;
    return parents.has(id) ? toKeep(id, [...(action === "keep" ? reasons : []), "another archive is based on it"]) : decision;
  });
}

function toKeep(id: ArchiveId, reasons: readonly string[]): RetentionDecision {
  return { id, action: "keep", reasons };
}

/** Why the rules do not speak of an archive at all. */
function whyNotOurs({ details, createdAtMs }: ArchiveEntry, { nowMs, inboxId, installationIds }: RetentionScope): string | undefined {
  if (!details) return "its manifest can't be read with the keys at hand";
  if (details.inboxId !== inboxId) return "it belongs to another inbox";
  if (installationIds && !isAmong(installationIds, details.installationId)) return "it belongs to another installation";
  return createdAtMs > nowMs ? "its date lies in the future" : undefined;
}

/** As `includes` does, in half the time. */
function isAmong(ids: readonly string[], id: string): boolean {
  for (const each of ids) if (each === id) return true;
  return false;
}

function whyChosen({ details }: ArchiveEntry): string | undefined {
  if (details?.pinned) return "the user pinned it";
  return details?.name ? "the user named it" : undefined;
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

function compareNewestFirst(a: ArchiveEntry, b: ArchiveEntry): number {
  return b.createdAtMs - a.createdAtMs || (a.id < b.id ? 1 : -1);
}
