import type { ArchiveDeletion } from "@xmtp-backup/archive";
import { determinate } from "../tasks/progress.ts";
import { restoreLimits, type RestoreResult } from "./restoreResult.ts";
import type { ArchivePreview } from "../archives/archivePreview.ts";
import type { HostConversation } from "../ports/hostConversation.ts";
import type { MessageRange } from "../ports/host.ts";
import { assertRoomForMissing } from "../archives/assertRoom.ts";
import type { Bringing } from "../imported/createBringing.ts";
import { rangeBetween } from "../imported/broughtParts.ts";
import { countEach } from "../ports/countEach.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import type { StageTools } from "../tasks/stageTools.ts";
import { findDeleted } from "./findDeleted.ts";

/** What a restore brought back, and how the client lists it. */
export type CheckedRestore = { result: RestoreResult; listed: HostConversation[] };

/**
 * Compares what the client lists now with what the archive held, and with what was here before.
 *
 * @throws DEVICE_FULL when something is missing, and the client's database has no room for it
 * @param deletions - those that count for what the client had before too
 * @param times - when the messages of each conversation were sent that the restore brings back
 */
export async function checkRestored(
  { host }: Dependencies,
  archive: ArchivePreview,
  deletions: readonly ArchiveDeletion[],
  times: ReadonlyMap<string, BigInt64Array>,
  bringing: Bringing,
  { signal, report }: StageTools,
): Promise<CheckedRestore> {
  const ids = archive.conversations.map(({ id }) => id);
  const listed = new Map((await host.listConversations({ signal, ids })).map((conversation) => [conversation.id, conversation]));
  const inactiveConversationIds: string[] = [];
  const incompleteConversationIds: string[] = [];
  const spoken = archive.conversations.filter(({ id, messages }) => listed.has(id) && messages > 0);
  let counted = 0;
  const counts = await countEach(
    host,
    spoken.map(({ id }) => id),
    (id) => rangeOf(times.get(id)),
    { signal, onCount: (messages) => report(determinate((counted += messages), archive.counts.messages, "messages")) },
  );
  let conversations = 0;
  let messages = 0;
  for (const { id, messages: expected } of archive.conversations) {
    const conversation = listed.get(id);
    const found = Math.min(expected, counts.get(id) ?? 0);
    if (conversation) conversations += 1;
    if (conversation && !conversation.isActive) inactiveConversationIds.push(id);
    if (!conversation || found < expected) incompleteConversationIds.push(id);
    messages += found;
  }
  if (incompleteConversationIds.length > 0) {
    const missing = archive.counts.messages > 0 ? 1 - messages / archive.counts.messages : 1;
    await assertRoomForMissing(host, Math.ceil(archive.sizeBytes * missing), { signal }).catch(async (error: unknown) => {
      await bringing.breakOff(error);
      throw error;
    });
  }
  const result: RestoreResult = {
    conversations: { restored: conversations, expected: archive.counts.conversations },
    messages: { restored: messages, expected: archive.counts.messages },
    consentRecords: archive.counts.consentRecords,
    imported: await bringing.end({ listed: [...listed.values()], counts }, signal),
    inactiveConversationIds,
    incompleteConversationIds,
    leftOut: archive.leftOut,
    deletedMessages: await findDeleted(host, deletions, { signal }),
    unsentMessages: archive.unsentMessages,
    orphanMessages: archive.orphanMessages,
    unimportableRecords: archive.unimportableRecords,
    unchecked: archive.unchecked ?? [],
    limits: restoreLimits,
  };
  return { result, listed: [...listed.values()] };
}

/** Messages that came later, or that were there before, are none that the archive brought back. */
function rangeOf(times: BigInt64Array | undefined): MessageRange {
  const [firstNs, lastNs] = [times?.[0], times?.at(-1)];
  return firstNs === undefined || lastNs === undefined ? {} : rangeBetween(firstNs, lastNs);
}
