import type { ArchiveDeletion } from "../model/archiveDeletion.ts";
import { fromHex, toHex } from "../protobuf/hex.ts";
import type { ArchiveSurvey, SurveyedConversation } from "../survey/archiveSurvey.ts";
import type { Deletion } from "../facts/messageFacts.ts";

/** Deletions of other archives in a conversation that is known here: by its number, which is not negative then. */
export function* otherDeletions(
  deletions: readonly ArchiveDeletion[],
  numberOf: (conversationId: Uint8Array) => number,
): Generator<Deletion, void, void> {
  for (const { messageId, conversationId, senderInboxId, sentAtNs, isBySuperAdmin } of deletions) {
    const [target, id] = [fromHex(messageId), fromHex(conversationId)];
    const conversation = id === undefined ? -1 : numberOf(id);
    if (target !== undefined && conversation >= 0) yield { target, conversation, sender: senderInboxId, sentAtNs, isBySuperAdmin };
  }
}

/** The deletions of a survey, and those of other archives. */
export function* deletionsOf(survey: ArchiveSurvey, others: readonly ArchiveDeletion[] = []): Generator<Deletion, void, void> {
  yield* survey.facts.deletions((conversation) => (survey.conversations[conversation] as SurveyedConversation).superAdmins);
  yield* otherDeletions(others, (id) => survey.numberOf(id));
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
