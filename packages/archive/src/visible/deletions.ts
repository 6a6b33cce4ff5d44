import type { ArchiveDeletion } from "../model/deletion.ts";
import { fromHex, toHex } from "../protobuf/hex.ts";
import type { ArchiveSurvey, SurveyedConversation } from "../survey/archive-survey.ts";
import type { Deletion } from "./message-facts.ts";

/** The deletions of a survey, and those of other archives in a conversation that the survey knows. */
export function* deletionsOf(survey: ArchiveSurvey, others: readonly ArchiveDeletion[] = []): Generator<Deletion, void, void> {
  yield* survey.facts.deletions((conversation) => (survey.conversations[conversation] as SurveyedConversation).superAdmins);
  for (const { messageId, conversationId, senderInboxId, sentAtNs, isBySuperAdmin } of others) {
    const target = fromHex(messageId);
    const conversation = survey.numberOf(conversationId);
    if (target !== undefined && conversation >= 0) yield { target, conversation, sender: senderInboxId, sentAtNs, isBySuperAdmin };
  }
}

/** The deletions of a survey, as other archives need them. */
export const toArchiveDeletions = (survey: ArchiveSurvey): ArchiveDeletion[] =>
  Array.from(deletionsOf(survey), ({ target, conversation, sender, sentAtNs, isBySuperAdmin }) => ({
    messageId: toHex(target),
    conversationId: toHex((survey.conversations[conversation] as SurveyedConversation).id),
    senderInboxId: sender,
    sentAtNs,
    isBySuperAdmin,
  }));
