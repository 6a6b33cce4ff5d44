import type { TrackedConversation } from "./trackedConversation.ts";
import { hourMs } from "../../time/wallTime.ts";

/** Whether DMs may be recreated: after the user's word, automatically, or not at all. */
export type StitchDms = "ask" | "auto" | "never";

/** How often it is tried automatically, and the wait before it is tried again. */
const mostTries = 3;
const retryAfterMs = hourMs;

type Dm = TrackedConversation & { peerInboxId: string };

/** Whether a new DM may be made for this one: it waits, its peer is known and was never denied. */
export function canStitch(conversation: TrackedConversation | undefined): conversation is Dm {
  if (!conversation) return false;
  const { kind, peerInboxId, status, consent } = conversation;
  return kind === "dm" && peerInboxId !== undefined && (status === "waiting" || status === "stalled") && consent !== "denied";
}

/**
 * The DMs to recreate, the most recently used first.
 *
 * Only with people whom the user has allowed: making a DM accepts its peer, which a message request has not earned. A call that names one
 * explicitly may still do it. Denied people are neither suggested nor tried again automatically.
 */
export function stitchable(conversations: readonly TrackedConversation[]): readonly Dm[] {
  const allowed = conversations.filter(canStitch).filter(({ consent, isPersonDenied }) => consent === "allowed" && !isPersonDenied);
  return allowed.sort((a, b) => (b.lastMessageMs ?? 0) - (a.lastMessageMs ?? 0));
}

/** Those of them that may be tried automatically now. A failed one waits an hour, and is given up after three times. */
export function stitchableUnasked(conversations: readonly TrackedConversation[], nowMs: number): readonly Dm[] {
  return stitchable(conversations).filter(({ stitching }) => !stitching || (stitching.tries < mostTries && nowMs - (stitching.triedAtMs ?? 0) >= retryAfterMs));
}

/** A try to recreate the DM begins. */
export function beginStitch(conversation: TrackedConversation): TrackedConversation {
  const { stitching } = conversation;
  return { ...conversation, status: "stitching", stitching: { ...stitching, tries: (stitching?.tries ?? 0) + 1 } };
}

/** It did not work, or nobody knows whether it did: the next look tells. */
export function failStitch(conversation: TrackedConversation, { nowMs, code, isDenied }: { nowMs?: number; code?: string; isDenied?: boolean } = {}): TrackedConversation {
  if (conversation.status !== "stitching") return conversation;
  const stitching = { tries: 1, ...conversation.stitching, ...(nowMs !== undefined && { triedAtMs: nowMs }), ...(code !== undefined && { code }) };
  return { ...conversation, status: "waiting", stitching, ...(isDenied && { isPersonDenied: true }) };
}
