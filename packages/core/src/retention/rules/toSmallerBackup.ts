import type { SmallerBackup } from "./smallerBackup.ts";
import type { Shrinkage } from "./findShrinkage.ts";

/** A sharp drop as an app shows it; undefined when there is none. */
export function toSmallerBackup(shrinkage: Shrinkage | undefined): SmallerBackup | undefined {
  if (!shrinkage?.drop) return undefined;
  const { newest, drop } = shrinkage;
  const { messages, ofMessages, conversations, ofConversations } = drop.comparison;
  return {
    archiveId: newest.id,
    messages: ofMessages,
    conversations: ofConversations,
    than: { archiveId: drop.than.id, messages, conversations },
  };
}
