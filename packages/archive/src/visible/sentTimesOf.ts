import { toHex } from "../protobuf/hex.ts";
import type { ArchiveSurvey, SurveyedConversation } from "../survey/archiveSurvey.ts";
import type { LeftOut } from "./decideLeftOut.ts";

/** When the messages that a restore brings back were sent, the earliest first, by conversation; 8 bytes a message. */
export const sentTimesOf = ({ conversations, messageIds, facts }: ArchiveSurvey, leftOut: LeftOut): Map<string, BigInt64Array> => {
  const byConversation = new Map<SurveyedConversation, { times: BigInt64Array; taken: number }>();
  for (const conversation of conversations) {
    if (!conversation.isPlaceable || conversation.isOdd) continue;
    byConversation.set(conversation, { times: new BigInt64Array(conversation.messageCount - leftOut.messagesOf(conversation)), taken: 0 });
  }
  for (let index = 0; index < messageIds.size; index++) {
    if (!facts.has(index) || leftOut.reasonOf(index) !== undefined) continue;
    const found = byConversation.get(conversations[facts.conversationOf(index)] as SurveyedConversation);
    if (found !== undefined) found.times[found.taken++] = facts.sentAtNs(index);
  }
  return new Map(Array.from(byConversation, ([{ id }, { times }]) => [toHex(id), times.sort()]));
};
