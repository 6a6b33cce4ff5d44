import { determinate } from "../model/progress.ts";
import { type ArchivePreview, restoreLimits, type RestoreResult } from "../model/restore.ts";
import type { HostConversation } from "../model/conversation.ts";
import type { Dependencies, StageTools } from "./dependencies.ts";

/** What a restore brought back, and of it what is inactive, as the client lists it. */
export type CheckedRestore = { result: RestoreResult; inactive: HostConversation[] };

/** Compares what the client lists now with what the archive held. */
export async function checkRestored({ host }: Dependencies, archive: ArchivePreview, { signal, report }: StageTools): Promise<CheckedRestore> {
  const ids = archive.conversations.map(({ id }) => id);
  const listed = new Map((await host.listConversations({ signal, ids })).map((conversation) => [conversation.id, conversation]));
  const inactive: HostConversation[] = [];
  const incompleteConversationIds: string[] = [];
  let conversations = 0;
  let messages = 0;
  for (const { id, messages: expected } of archive.conversations) {
    const conversation = listed.get(id);
    const found = conversation && expected > 0 ? Math.min(expected, await host.countMessages(id, {}, { signal })) : 0;
    if (conversation) conversations += 1;
    if (conversation && !conversation.isActive) inactive.push(conversation);
    if (!conversation || found < expected) incompleteConversationIds.push(id);
    messages += found;
    report(determinate(messages, archive.counts.messages, "messages"));
  }
  const result: RestoreResult = {
    conversations: { restored: conversations, expected: archive.counts.conversations },
    messages: { restored: messages, expected: archive.counts.messages },
    consentRecords: archive.counts.consentRecords,
    inactiveConversationIds: inactive.map(({ id }) => id),
    incompleteConversationIds,
    orphanMessages: archive.orphanMessages,
    limits: restoreLimits,
  };
  return { result, inactive };
}
