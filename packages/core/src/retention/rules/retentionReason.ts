import type { PartialReason } from "./partialReason.ts";

/** A natural period that a rule keeps the newest archive of. */
export type RetentionPeriod = "hour" | "day" | "week" | "month" | "year";

/** Why the rules do not speak of an archive at all. */
export type ForeignReason = "unreadable" | "otherInbox" | "otherNetwork" | "otherInstallation" | "future";

/** Why an archive stays or goes, or what is to be known of it; `describeRetention` says it in words. */
export type RetentionReason =
  /** Its manifest can't be read, it belongs elsewhere, or its date lies in the future. */
  | { reason: ForeignReason }
  /** Its installation is no longer in the inbox, and this one has no whole archive yet. */
  | { reason: "goneFirst"; installationId: string }
  /** Its installation is no longer in the inbox, and it holds what this one's newest archive does not. */
  | { reason: "goneHoldsOther"; installationId: string }
  /** Its installation is no longer in the inbox. */
  | { reason: "gone"; installationId: string }
  /** The user pinned or named it. */
  | { reason: "pinned" | "named" }
  /** The newest whole one that was verified. */
  | { reason: "newestWhole" }
  /** The newest of its kind, and none is whole. */
  | { reason: "newestOfKind"; isVerified: boolean }
  /** This installation is no longer in the inbox, and removes nothing. */
  | { reason: "revoked" }
  /** It holds more than the newest one, which suddenly holds far less. */
  | { reason: "holdsMore" }
  | { reason: "holdsMost" }
  /** So many archives that stay are based on it. */
  | { reason: "base"; neededBy: number }
  /** Every archive is kept. */
  | { reason: "all" }
  /** One of the newest. */
  | { reason: "last"; place: number; of: number }
  /** One of the newest that are not whole. */
  | { reason: "lastPartial"; place: number; of: number }
  /** The newest of its period. */
  | { reason: "period"; period: RetentionPeriod; place: number; of: number | "all" }
  /** The oldest, which is kept while a rule of periods has places left. */
  | { reason: "oldest"; period: RetentionPeriod; of: number | "all" }
  /** Made within a time before the newest; where that is not sure by the dates alone, as far as they are proven. */
  | { reason: "within"; within: string; isByDate: boolean }
  /** It is no whole archive, so it takes no place of one. */
  | { reason: "notWhole"; why: PartialReason }
  /** No rule keeps it. */
  | { reason: "noRule" };
