import type { ArchiveId, UnfinishedArchive } from "@xmtp-backup/core";

/**
 * When the files of archives without a manifest were last written. The latest time of each counts, and one that is unknown makes its age
 * unknown.
 */
export type UnfinishedTimes = {
  add(id: ArchiveId, writtenMs: number | undefined): void;
  /** The ages by the store's clock; those of listed archives are left out. */
  agesAt(nowMs: number | undefined, isListed: (id: ArchiveId) => boolean): UnfinishedArchive[];
};

export function unfinishedTimes(): UnfinishedTimes {
  const times = new Map<ArchiveId, number | undefined>();
  return {
    add(id, writtenMs) {
      const before = times.get(id);
      const isUnknown = writtenMs === undefined || (times.has(id) && before === undefined);
      times.set(id, isUnknown ? undefined : Math.max(before ?? writtenMs, writtenMs));
    },
    agesAt: (nowMs, isListed) =>
      [...times]
        .filter(([id]) => !isListed(id))
        .map(([id, writtenMs]) => ({
          id,
          ...(nowMs !== undefined && writtenMs !== undefined && { ageMs: Math.max(0, nowMs - writtenMs) }),
        })),
  };
}
