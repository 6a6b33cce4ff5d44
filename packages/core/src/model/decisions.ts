import type { Consent } from "./conversation.ts";

/** What the user decided about conversations, by their ids, and about people, by their inbox ids. */
export type Decisions = {
  readonly conversations: ReadonlyMap<string, Consent>;
  readonly people: ReadonlyMap<string, Consent>;
};

/** The decisions of an archive; a conversation of it that it holds no decision about is unknown. */
export type ArchivedDecisions = Decisions & {
  /** When the SDK exported the archive, in nanoseconds since 1970. */
  exportedAtNs: bigint;
};
