import type { ArchiveDeletion } from "../model/archiveDeletion.ts";
import type { ArchiveLeftOut } from "../model/archiveReport.ts";
import { Pace } from "../util/pace.ts";
import type { ArchiveSurvey, SurveyedConversation } from "../survey/archiveSurvey.ts";
import { deletionsOf } from "./deletions.ts";

/** What of an archive is shown and restored. */
export type ShownOptions = {
  /**
   * `keep` restores messages that were never sent, marked as failed; otherwise they are left out.
   *
   * @default "leaveOut"
   */
  unsent?: "keep" | "leaveOut" | undefined;
  /**
   * The time by which messages have expired, in nanoseconds since 1970.
   *
   * @default now
   */
  nowNs?: bigint | undefined;
  /**
   * Deletions that other archives hold; each counts as one of this archive does.
   *
   * @default none
   */
  deletions?: readonly ArchiveDeletion[] | undefined;
};

/** How many messages are looked at between two rests. */
const MESSAGES_PER_REST = 512;

const reasons = [undefined, "oddDms", "unsent", "deleted", "expired"] as const;

/** Why a message is neither shown nor restored. */
export type LeftOutReason = Exclude<(typeof reasons)[number], undefined>;

const codes = { oddDms: 1, unsent: 2, deleted: 3, expired: 4 } as const satisfies Record<LeftOutReason, number>;

/** What of a surveyed archive is left out: the one place that decides it, for previews, chunks and transcripts alike. */
export type LeftOut = {
  /** Of messages that could be imported. */
  counts: ArchiveLeftOut;
  /** Messages that were never sent, whether they are left out or not. */
  unsentMessages: number;
  /** Of the message of this number. */
  reasonOf(index: number): LeftOutReason | undefined;
  /** How many messages of it are left out. */
  messagesOf(conversation: SurveyedConversation): number;
};

/**
 * Decides what is left out of a whole survey.
 *
 * @param oddDms - `keep` where it is only read
 */
export const decideLeftOut = async (
  survey: ArchiveSurvey,
  { unsent = "leaveOut", nowNs = systemNowNs(), deletions = [], signal }: ShownOptions & { signal?: AbortSignal | undefined },
  oddDms: "keep" | "leaveOut" = "leaveOut",
): Promise<LeftOut> => {
  const pace = new Pace(signal);
  const { facts, conversations, messageIds } = survey;
  const at = (conversation: number) => conversations[conversation] as SurveyedConversation;
  const deleted = facts.deleted((id) => messageIds.find(id), deletionsOf(survey, deletions));
  const counts = { deleted: 0, expired: 0, unsent: 0, oddDms: 0 };
  const byConversation = new Map<SurveyedConversation, number>();
  const codeByMessage = new Uint8Array(messageIds.size);
  const now = Number(nowNs);
  let unsentMessages = 0;

  const isOdd = (index: number, { isOdd, pair }: SurveyedConversation) =>
    isOdd || (pair !== undefined && !pair.includes(facts.senderOf(index)));

  const reasonFor = (index: number, conversation: SurveyedConversation): LeftOutReason | undefined => {
    if (oddDms === "leaveOut" && isOdd(index, conversation)) return "oddDms";
    if (facts.isUnsent(index) && unsent === "leaveOut") return "unsent";
    if (deleted.has(index)) return "deleted";
    return facts.isExpired(index, conversation.timer, now) ? "expired" : undefined;
  };

  for (let index = 0; index < messageIds.size; index++) {
    if (index % MESSAGES_PER_REST === 0) await pace.rest();
    if (!facts.has(index)) continue;
    const conversation = at(facts.conversationOf(index));
    if (conversation.isPlaceable && facts.isUnsent(index)) unsentMessages++;
    const reason = reasonFor(index, conversation);
    if (reason === undefined) continue;
    codeByMessage[index] = codes[reason];
    if (!conversation.isPlaceable) continue;
    counts[reason]++;
    byConversation.set(conversation, (byConversation.get(conversation) ?? 0) + 1);
  }
  return {
    counts,
    unsentMessages,
    reasonOf: (index) => reasons[codeByMessage[index] ?? 0],
    messagesOf: (conversation) => byConversation.get(conversation) ?? 0,
  };
};

const systemNowNs = (): bigint => BigInt(Date.now()) * 1_000_000n;
