import type { DatedValues } from "../../archives/archivedValues.ts";
import type { Consent, ConversationKind } from "../../ports/hostConversation.ts";

/**
 * Where a restored conversation stands. It is `waiting` for a member's client, `recreating` while its DM is recreated, and `stalled` when
 * it has waited longer than expected. It is `dismissed` when the user dismissed it. It is `readOnly` when it waits for nothing, because the
 * user left it or it belongs to another inbox. It is `active` when it can be written again.
 */
export type ActivationStatus = "waiting" | "recreating" | "stalled" | "dismissed" | "readOnly" | "active";

/** How likely a conversation becomes active and what that rests on. */
export type Expectation = {
  outlook: "soon" | "whenSomeoneWrites" | "unlikely";
  /**
   * `otherInstallation`: another installation of the user is online. `recentMessages`: members wrote in the day before the
   * restore. `someMessages`: they wrote in the last 90 days. `quiet`: nobody did. `denied`: the user denied it. `removed`: the user
   * was no member any more when the archive was made. `left`: the user had asked to leave. `otherInbox`: a DM of another inbox.
   */
  reason: "otherInstallation" | "recentMessages" | "someMessages" | "quiet" | "denied" | "removed" | "left" | "otherInbox";
  /** Until when it is to be expected, in milliseconds since 1970; then it counts as stalled. Absent when it is unlikely. */
  untilMs?: number;
};

/** The time whose messages an archive could not hold and a member's client does not send again. */
export type Gap = {
  /** The archive's end, in milliseconds since 1970. */
  fromMs: number;
  /** The activation; absent until then. */
  toMs?: number;
  /** A newer archive or history sync has covered it. @default false */
  isFilled?: boolean;
};

/** A restored conversation that is tracked until it is active again. */
export type TrackedConversation = {
  id: string;
  kind: ConversationKind;
  /** A DM is tracked by its peer, since a new DM with the same peer takes the old one's history over. */
  peerInboxId?: string;
  status: ActivationStatus;
  consent: Consent;
  expectation: Expectation;
  gap: Gap;
  restoredAtMs: number;
  /** When the last message of it was sent that was restored. */
  lastMessageMs?: number;
  /** The user was no member any more when the archive was made. @default false */
  wasRemoved?: boolean;
  /** The user had asked to leave it when the archive was made; `false` once the user wants it tracked all the same. @default not left */
  hasLeft?: boolean;
  /** A DM of another inbox, which this one is no member of: it has no peer here. @default false */
  isOfOtherInbox?: boolean;
  /**
   * What its archive says of its creator, its admins and its creation: until it is active, the SDK has placeholders
   * (docs/sdk-facts.md#restored-values). Absent if no archive said so.
   */
  archived?: DatedValues;
  /** The user denied its person, though not the conversation: recreating the DM is not suggested. @default false */
  isPersonDenied?: boolean;
  /** How often it was tried to recreate its DM, when last in vain, and the code of the error then. */
  recreating?: { tries: number; triedAtMs?: number; code?: string };
  activeAtMs?: number;
  /** Where writing works again: the same conversation, or the newer DM that took its history over. */
  activeId?: string;
  /** The old DM itself can be written again too, beside the newer one. @default false */
  isRejoined?: boolean;
  /** Who made it active: a member, another installation of the user, or a new DM. */
  activatedBy?: "member" | "otherInstallation" | "recreating";
  /** The messages that a stream missed at the activation were fetched. @default false */
  isBackfilled?: boolean;
};

/** What becomes of the restored conversations. */
export type ActivationState = {
  /** All that are tracked, whatever their status. */
  total: number;
  active: number;
  waiting: number;
  recreating: number;
  stalled: number;
  dismissed: number;
  /** Those that nothing is waited for: the user left them, or they belong to another inbox. @default 0 */
  readOnly?: number;
  conversations: readonly TrackedConversation[];
  /** The ids of those that are new or different since the state before; none in the first. */
  changed: readonly string[];
  /** Waiting DMs that could be recreated now, the most recently used first. */
  recreatable: readonly string[];
};

/** What there is to tell before anything was restored. */
export const nothingRestored: ActivationState = {
  total: 0,
  active: 0,
  waiting: 0,
  recreating: 0,
  stalled: 0,
  dismissed: 0,
  conversations: [],
  changed: [],
  recreatable: [],
};
