import type { ArchiveDeletion } from "@xmtp-backup/archive";
import type { DeletedMessage } from "../archives/archivePreview.ts";
import { mostDeletions } from "../archives/rules/addDeletions.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Host } from "../ports/host.ts";

/** The messages that the client shows although one of these deletions is valid for them: by their sender, or by a super admin. */
export async function findDeleted(host: Host, deletions: readonly ArchiveDeletion[], options: CallOptions): Promise<DeletedMessage[]> {
  const byMessage = new Map<string, ArchiveDeletion[]>();
  for (const deletion of deletions.slice(-mostDeletions))
    byMessage.set(deletion.messageId, [...(byMessage.get(deletion.messageId) ?? []), deletion]);
  if (byMessage.size === 0) return [];
  const shown = await host.findMessages([...byMessage.keys()], options);
  return shown.flatMap(({ id, conversationId, senderInboxId }) => {
    const isDeleted = byMessage
      .get(id)
      ?.some(
        (deletion) =>
          deletion.conversationId === conversationId &&
          (deletion.isBySuperAdmin || deletion.senderInboxId.toLowerCase() === senderInboxId.toLowerCase()),
      );
    return isDeleted ? [{ id, conversationId }] : [];
  });
}
