import type { Consent } from "../ports/hostConversation.ts";

/** What the user decided about conversations, by their ids, and about people, by their inbox ids. */
export type Decisions<T = Consent> = {
  readonly conversations: ReadonlyMap<string, T>;
  readonly people: ReadonlyMap<string, T>;
};

/** A decision as an archive tells it. */
export type ArchivedDecision = {
  consent: Consent;
  /** When the SDK exported the archive, in nanoseconds since 1970; one of `weakly` where the archive does not really say it. */
  exportedAtNs: bigint;
};

/** In place of an export time, which is later than all of these. */
export const weakly = {
  /** An archive with consent holds no record of it: the user never decided on the device that made it. */
  undecided: 0n,
  /** Another inbox decided it. */
  otherInbox: -1n,
  /** The archive holds no consent at all: it is what an import sets (docs/sdk-facts.md#import-allows-every-dm). */
  imported: -2n,
} as const;

export type ArchivedDecisions = Decisions<ArchivedDecision>;
