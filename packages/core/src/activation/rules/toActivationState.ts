import type { ActivationState, ActivationStatus, TrackedConversation } from "./trackedConversation.ts";
import { type RecreateDms, recreatable } from "./recreating.ts";

/** What an app sees of the tracked conversations, and what is different from before. */
export function toActivationState(
  conversations: readonly TrackedConversation[],
  before: readonly TrackedConversation[],
  recreateDms: RecreateDms,
): ActivationState {
  const known = new Map(before.map((conversation) => [conversation.id, conversation]));
  const counts: Record<ActivationStatus, number> = { active: 0, waiting: 0, recreating: 0, stalled: 0, dismissed: 0, readOnly: 0 };
  const changed: string[] = [];
  for (const conversation of conversations) {
    counts[conversation.status] += 1;
    if (known.get(conversation.id) !== conversation) changed.push(conversation.id);
  }
  const { readOnly, ...others } = counts;
  return {
    total: conversations.length,
    ...others,
    ...(readOnly > 0 && { readOnly }),
    conversations,
    changed,
    recreatable: recreateDms === "never" ? [] : recreatable(conversations).map(({ id }) => id),
  };
}
