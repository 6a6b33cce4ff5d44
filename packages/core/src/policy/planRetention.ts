import type { ArchiveEntry, ArchiveId } from "../model/archiveEntry.ts";

/** Which archives are kept when a new one has been made. */
export type Keep = {
  /** The newest n automatic archives. */
  last: number;
};

export type RetentionDecision = { id: ArchiveId; action: "keep" | "remove"; reason: string };

/**
 * Says of every archive whether it is kept, and why.
 *
 * Only archives that this inbox made and that nobody named are ever removed.
 */
export function planRetention(archives: readonly ArchiveEntry[], keep: Keep, inboxId: string): RetentionDecision[] {
  const newestFirst = [...archives].sort((a, b) => b.createdAtMs - a.createdAtMs);
  let rank = 0;
  return newestFirst.map(({ id, details }) => {
    if (!details) return { id, action: "keep", reason: "its manifest can't be read with the keys at hand" };
    if (details.inboxId !== inboxId) return { id, action: "keep", reason: "it belongs to another inbox" };
    if (details.name) return { id, action: "keep", reason: "the user named it" };
    rank += 1;
    return rank <= keep.last
      ? { id, action: "keep", reason: `it is number ${rank} of the last ${keep.last}` }
      : { id, action: "remove", reason: `${keep.last} newer archives are kept` };
  });
}
