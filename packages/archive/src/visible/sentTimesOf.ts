import { toHex } from "../protobuf/hex.ts";
import { Pace } from "../util/pace.ts";
import type { ArchiveSurvey } from "../survey/archiveSurvey.ts";
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
  const found = conversations.map((each) => {
    if (!each.isPlaceable || each.isOdd) return undefined;
    const times = new BigInt64Array(each.messageCount - leftOut.messagesOf(each));
    // By words, since a bigint for each message would cost more than all else.
    return { times, words: new Uint32Array(times.buffer), taken: 0 };
  });
  for (let index = 0; index < messageIds.size; index++) {
    if (index % MESSAGES_PER_REST === 0) await pace.rest();
    if (!facts.has(index) || leftOut.reasonOf(index) !== undefined) continue;
    const into = found[facts.conversationOf(index)];
    if (into !== undefined) facts.putSentInto(into.words, 2 * into.taken++, index);
  }
  const sorted = new Map<string, BigInt64Array>();
  for (const [number, conversation] of conversations.entries()) {
    const times = found[number]?.times;
    if (times !== undefined) sorted.set(toHex(conversation.id), times.sort());
    await pace.rest();
  }
  return sorted;
};
