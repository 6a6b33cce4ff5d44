import type { ActivationState, ActivationStatus, TrackedConversation } from "./trackedConversation.ts";
import { type StitchDms, stitchable } from "./stitching.ts";

/** What an app sees of the followed conversations, and what is different from before. */
export function toActivationState(
  conversations: readonly TrackedConversation[],
  before: readonly TrackedConversation[],
  stitchDms: StitchDms,
): ActivationState {
  const known = new Map(before.map((conversation) => [conversation.id, conversation]));
  const counts: Record<ActivationStatus, number> = { active: 0, waiting: 0, stitching: 0, stalled: 0, leftOut: 0, readOnly: 0 };
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
    stitchable: stitchDms === "never" ? [] : stitchable(conversations).map(({ id }) => id),
  };
}
