import type { TrackedConversation } from "./trackedConversation.ts";
import { hourMs } from "../../time/wallTime.ts";

/** Whether DMs may be recreated: after the user's word, automatically, or not at all. */
export type RecreateDms = "ask" | "auto" | "never";

/** How often it is tried automatically, and the wait before it is tried again. */
const mostTries = 3;
const retryAfterMs = hourMs;

type Dm = TrackedConversation & { peerInboxId: string };

/** Whether a new DM may be made for this one: it waits, its peer is known and was never denied. */
export function canRecreate(conversation: TrackedConversation | undefined): conversation is Dm {
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
export function recreatable(conversations: readonly TrackedConversation[]): readonly Dm[] {
  const allowed = conversations.filter(canRecreate).filter(({ consent, isPersonDenied }) => consent === "allowed" && !isPersonDenied);
  return allowed.sort((a, b) => (b.lastMessageMs ?? 0) - (a.lastMessageMs ?? 0));
}

/** Those of them that may be tried automatically now. A failed one waits an hour, and is given up after three times. */
export function recreatableUnasked(conversations: readonly TrackedConversation[], nowMs: number): readonly Dm[] {
  return recreatable(conversations).filter(
    ({ recreating }) => !recreating || (recreating.tries < mostTries && nowMs - (recreating.triedAtMs ?? 0) >= retryAfterMs),
  );
}

/** A try to recreate the DM begins. */
export function beginRecreating(conversation: TrackedConversation): TrackedConversation {
  const { recreating } = conversation;
  return { ...conversation, status: "recreating", recreating: { ...recreating, tries: (recreating?.tries ?? 0) + 1 } };
}

/** It did not work, or nobody knows whether it did: the next look tells. */
export function failRecreating(
  conversation: TrackedConversation,
  { nowMs, code, isDenied }: { nowMs?: number; code?: string; isDenied?: boolean } = {},
): TrackedConversation {
  if (conversation.status !== "recreating") return conversation;
  const recreating = {
    tries: 1,
    ...conversation.recreating,
    ...(nowMs !== undefined && { triedAtMs: nowMs }),
    ...(code !== undefined && { code }),
  };
  return { ...conversation, status: "waiting", recreating, ...(isDenied && { isPersonDenied: true }) };
}
