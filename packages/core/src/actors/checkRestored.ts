import { determinate } from "../model/progress.ts";
import { type ArchivePreview, restoreLimits, type RestoreResult } from "../model/restore.ts";
import type { Dependencies, StageTools } from "./dependencies.ts";

/** Compares what the client lists now with what the archive held. */
export async function checkRestored({ host }: Dependencies, archive: ArchivePreview, { signal, report }: StageTools): Promise<RestoreResult> {
  const listed = new Map((await host.listConversations({ signal })).map((conversation) => [conversation.id, conversation]));
  const inactiveConversationIds: string[] = [];
  const incompleteConversationIds: string[] = [];
  let conversations = 0;
  let messages = 0;
  for (const { id, messages: expected } of archive.conversations) {
    const conversation = listed.get(id);
    const found = conversation && expected > 0 ? Math.min(expected, await host.countMessages(id, {}, { signal })) : 0;
    if (conversation) conversations += 1;
    if (conversation && !conversation.isActive) inactiveConversationIds.push(id);
    if (!conversation || found < expected) incompleteConversationIds.push(id);
    messages += found;
    report(determinate(messages, archive.counts.messages, "messages"));
  }
  return {
    conversations: { restored: conversations, expected: archive.counts.conversations },
    messages: { restored: messages, expected: archive.counts.messages },
    consentRecords: archive.counts.consentRecords,
    inactiveConversationIds,
    incompleteConversationIds,
    orphanMessages: archive.orphanMessages,
    limits: restoreLimits,
  };
}
