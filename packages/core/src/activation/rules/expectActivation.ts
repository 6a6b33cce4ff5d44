import type { Expectation, TrackedConversation } from "./trackedConversation.ts";
import { dayMs, hourMs } from "../../time/wallTime.ts";

/** How often a member who sends looks for new installations, at most: docs/sdk-facts.md#members-look-every-5-s. */
export const memberChecksEveryMs = 5_000;

/** How often a member's app that only syncs looks for new installations. */
export const memberSyncsEveryMs = hourMs / 2;

/** Another installation of the user activates only what had a message in this time: docs/sdk-facts.md#device-sync-activates. */
export const livelyMs = 90 * dayMs;

/** How long another installation of the user counts as online after it was seen: two of the checks that it makes. */
export const onlineMs = 2 * memberSyncsEveryMs;

/** Members who wrote this lately are likely to open the app soon. */
const latelyMs = dayMs;

/** How long to wait for a message in a conversation of which nobody knows when the last one was sent. */
const unknownPatienceMs = 7 * dayMs;

export type ExpectationFacts = {
  nowMs: number;
  /** When another installation of the user was last known to be online. */
  otherInstallationSeenMs?: number | undefined;
};

type Tracked = Pick<TrackedConversation, "consent" | "wasRemoved" | "hasLeft" | "isOfOtherInbox" | "lastMessageMs" | "restoredAtMs">;

/**
 * Says how likely a restored conversation becomes active and what that rests on.
 *
 * A member's message activates it, once 5 s have passed since their client's last check. A member's sync does when that check is 30 min
 * old. Another installation of the user activates all of the last 90 days that are not denied. So an online installation or members who
 * wrote lately mean soon. Otherwise somebody has to write, and where a conversation was silent for some time before the restore, twice
 * that time (a day at least) is a fair wait.
 */
export function expectActivation(conversation: Tracked, { nowMs, otherInstallationSeenMs = -Infinity }: ExpectationFacts): Expectation {
  const { consent, wasRemoved = false, hasLeft = false, isOfOtherInbox = false, lastMessageMs, restoredAtMs } = conversation;
  if (isOfOtherInbox) return { outlook: "unlikely", reason: "otherInbox" };
  if (hasLeft) return { outlook: "unlikely", reason: "left" };
  if (wasRemoved) return { outlook: "unlikely", reason: "removed" };
  if (consent === "denied") return { outlook: "unlikely", reason: "denied" };
  if (lastMessageMs !== undefined && nowMs - lastMessageMs >= livelyMs) return { outlook: "unlikely", reason: "quiet" };
  if (nowMs - otherInstallationSeenMs < onlineMs) {
    return { outlook: "soon", reason: "otherInstallation", untilMs: otherInstallationSeenMs + onlineMs };
  }
  const silentMs = lastMessageMs === undefined ? undefined : Math.max(restoredAtMs - lastMessageMs, 0);
  const untilMs = restoredAtMs + (silentMs === undefined ? unknownPatienceMs : Math.max(2 * silentMs, dayMs));
  const isSoon = silentMs !== undefined && silentMs <= latelyMs && nowMs - restoredAtMs < latelyMs;
  return isSoon
    ? { outlook: "soon", reason: "recentMessages", untilMs }
    : { outlook: "whenSomeoneWrites", reason: "someMessages", untilMs };
}
