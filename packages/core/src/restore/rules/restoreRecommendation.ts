import type { ArchiveId } from "../../ports/archiveId.ts";

/**
 * How a device gets its history: `archive` from a stored one, `historySync` from another installation of the user. `both` is the archive
 * first, then everything after it from the other installation. `none` means that there is nothing to take.
 */
export type RestoreRoute = "archive" | "historySync" | "both" | "none";

/** Every reason that there is for a route, as `RestoreReason` explains. */
export const restoreReasons = [
  "replacesDevice",
  "addsDevice",
  "keepsCopy",
  "sharedIdentity",
  "otherOnline",
  "otherOffline",
  "syncOffered",
  "archiveSound",
  "archiveUnverified",
  "archiveIncomplete",
  "archiveOfRevoked",
  "olderHoldsMore",
  "noArchive",
  "archiveLocked",
  "archiveDamaged",
  "archiveUnsupported",
  "otherNetwork",
  "otherInbox",
] as const;

/**
 * Why a route fits.
 *
 * `replacesDevice`, `addsDevice`, `keepsCopy`, `sharedIdentity`: what the user is about. `otherOnline`, `otherOffline`: whether
 * another installation can send. `syncOffered`: one has sent history already. `archiveSound`: the archive was verified and is
 * complete; `archiveUnverified`, `archiveIncomplete`: it was never read back, or messages are missing in it.
 * `archiveOfRevoked`: there is only one that a revoked device made, which lacks what came since. `olderHoldsMore`: an
 * older one holds more messages. `noArchive`: there is none of this inbox that can be read and holds messages. `archiveLocked`,
 * `archiveDamaged`: one that would be newer can't be read, for want of its key or at all. `archiveUnsupported`: a newer version of the
 * app made one that would be newer. `otherNetwork`: one that would be newer holds the messages of another XMTP network.
 * `otherInbox`: those there are belong to others.
 */
export type RestoreReason = (typeof restoreReasons)[number];

/** Every step that can come next, as `RestoreStep` explains. */
export const restoreSteps = ["restoreOlder", "historySync", "unlockArchives", "updateApp", "openOtherInstallation", "backUp"] as const;

/**
 * What to do after the route was taken, or when there is none.
 *
 * `restoreOlder`: restore the `older` archive too. `historySync`: process the `pin`, or ask the other installations.
 * `unlockArchives`: find the key of the archives that can't be read. `updateApp`: update the app, which then reads the archives that
 * a newer version made. `openOtherInstallation`: open the app where the user has it
 * still. `backUp`: make an archive, since there is none.
 */
export type RestoreStep = (typeof restoreSteps)[number];

/** Which way to the history fits, why, and what to do next. */
export type RestoreRecommendation = {
  /** The deciding reason first. */
  reasons: readonly RestoreReason[];
  /** In the order in which to do them. */
  then: readonly RestoreStep[];
  /** What was offered through history sync and is to be processed; absent when the other installations are to be asked. */
  pin?: string;
} & (
  | {
      route: "archive" | "both";
      /** The archive to take. */
      archive: ArchiveId;
      /** Until when it reaches, in milliseconds since 1970: what was sent after that is not in it. */
      reachesMs: number;
      /**
       * One that was verified: for when `archive` proves damaged, and to add when messages are missing in it. Where several hold more, the
       * one that holds the most.
       */
      older?: ArchiveId;
    }
  | { route: "historySync" | "none"; archive?: undefined; reachesMs?: undefined; older?: undefined }
);
