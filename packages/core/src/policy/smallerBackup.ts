import type { SmallerBackup } from "../model/status.ts";
import type { Shrinkage } from "./findShrinkage.ts";

/** A sharp drop as an app shows it; undefined when there is none. */
export function smallerBackup(shrinkage: Shrinkage | undefined): SmallerBackup | undefined {
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

/** The drop as a sentence, by what shows it more. */
export function smallerReason({ messages, conversations, than }: SmallerBackup): string {
  const isOfMessages = messages * than.conversations <= conversations * than.messages;
  const [now, before, unit] = isOfMessages ? [messages, than.messages, "messages"] : [conversations, than.conversations, "conversations"];
  return `The newest backup holds ${now} of the ${before} ${unit} that an earlier one holds: restore that, or confirm that this is right.`;
}
