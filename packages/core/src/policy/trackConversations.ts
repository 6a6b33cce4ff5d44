import type { ActivationState, TrackedConversation } from "../model/activation.ts";
import type { HostConversation } from "../model/conversation.ts";

/** Adds conversations to the followed ones; one that is restored again keeps its place. */
export function addTracked(
  tracked: readonly TrackedConversation[],
  added: readonly TrackedConversation[],
): readonly TrackedConversation[] {
  const known = new Set(tracked.map(({ id }) => id));
  return [...tracked, ...added.filter(({ id }) => !known.has(id))];
}

/**
 * What a listing says about the followed conversations; the same array when it changes nothing.
 *
 * A DM counts as active when any DM with its peer is: a new one takes the history of the old one over.
 */
export function applyListing(
  tracked: readonly TrackedConversation[],
  listed: readonly HostConversation[],
  atMs: number,
): readonly TrackedConversation[] {
  const activeIds = new Map<string, string>();
  for (const { id, isActive, peerInboxId } of listed) {
    if (!isActive) continue;
    activeIds.set(id, id);
    if (peerInboxId !== undefined) activeIds.set(peerInboxId, id);
  }
  let changed = false;
  const next = tracked.map((conversation) => {
    if (conversation.status === "active") return conversation;
    const activeId = activeIds.get(conversation.id) ?? activeIds.get(conversation.peerInboxId ?? "");
    if (activeId === undefined) return conversation;
    changed = true;
    return { ...conversation, status: "active" as const, activeAtMs: atMs, activeId };
  });
  return changed ? next : tracked;
}

export function isEveryActive(tracked: readonly TrackedConversation[]): boolean {
  return tracked.every(({ status }) => status === "active");
}

export function toActivationState(conversations: readonly TrackedConversation[]): ActivationState {
  return {
    total: conversations.length,
    active: conversations.filter(({ status }) => status === "active").length,
    conversations,
  };
}
