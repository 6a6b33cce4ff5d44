import { toHex } from "../protobuf/hex.ts";
import { Pace } from "../util/pace.ts";
import type { ArchiveSurvey, SurveyedConversation } from "../survey/archiveSurvey.ts";
import type { LeftOut } from "./decideLeftOut.ts";

/** How many messages are looked at between two rests. */
const MESSAGES_PER_REST = 512;

/** When the messages that a restore brings back were sent, the earliest first, by conversation; 8 bytes a message. */
export const sentTimesOf = async (
  { conversations, messageIds, facts }: ArchiveSurvey,
  leftOut: LeftOut,
  signal: AbortSignal | undefined,
): Promise<Map<string, BigInt64Array>> => {
  const pace = new Pace(signal);
  const isRestored = ({ isPlaceable, isOdd }: SurveyedConversation) => isPlaceable && !isOdd;
  const found = conversations.map((each) => ({
    times: new BigInt64Array(isRestored(each) ? each.messageCount - leftOut.messagesOf(each) : 0),
    taken: 0,
  }));
  for (let index = 0; index < messageIds.size; index++) {
    if (index % MESSAGES_PER_REST === 0) await pace.rest();
    if (!facts.has(index) || leftOut.reasonOf(index) !== undefined) continue;
    const number = facts.conversationOf(index);
    const into = found[number] as (typeof found)[number];
    if (isRestored(conversations[number] as SurveyedConversation)) into.times[into.taken++] = facts.sentAtNs(index);
  }
  const sorted = new Map<string, BigInt64Array>();
  for (const [number, conversation] of conversations.entries()) {
    if (isRestored(conversation)) sorted.set(toHex(conversation.id), (found[number] as (typeof found)[number]).times.sort());
    await pace.rest();
  }
  return sorted;
};
