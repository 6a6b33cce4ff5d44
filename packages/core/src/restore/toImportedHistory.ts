import type { ArchiveEntry } from "../archives/archiveEntry.ts";
import type { DatedValues } from "../archives/archivedValues.ts";
import type { ImportedHistory } from "../imported/importedHistory.ts";
import type { ArchivePreview, PreviewConversation } from "../archives/archivePreview.ts";

const nsPerMs = 1_000_000n;
/** How many admins of a conversation are remembered: with more, it is as if none were known. */
const mostAdmins = 500;

/**
 * What tracking the conversations of an archive needs to know of it.
 *
 * It covers the time up to when its export began: a manifest tells that, of a bare archive only the SDK's own time is known.
 */
export function toImportedHistory(
  { conversations, startNs, endNs, exportedAtNs }: ArchivePreview,
  ownInboxId: string,
  stored?: Pick<ArchiveEntry, "createdAtMs" | "details">,
): ImportedHistory {
  const { details } = stored ?? {};
  const madeAtMs = stored?.createdAtMs ?? toMs(exportedAtNs);
  const removed = new Set(details?.conversations.filter(({ wasRemoved }) => wasRemoved).map(({ id }) => id));
  const left = new Set(details?.conversations.filter(({ hasLeft }) => hasLeft).map(({ id }) => id));
  return {
    endMs: endNs === undefined ? madeAtMs : Math.min(toMs(endNs), madeAtMs),
    ...(startNs !== undefined && { startMs: toMs(startNs) }),
    ...(details && { installationId: details.installationId }),
    conversations: conversations.map(({ id, lastMessageNs, hasLeft, memberInboxIds, ...described }) => ({
      id,
      ...datedValues(described, exportedAtNs),
      ...(lastMessageNs !== undefined && { lastMessageMs: toMs(lastMessageNs) }),
      ...(removed.has(id) && { wasRemoved: true }),
      ...((hasLeft || left.has(id)) && { hasLeft: true }),
      ...(memberInboxIds && !isAmong(memberInboxIds, ownInboxId) && { isOfOtherInbox: true }),
    })),
  };
}

function datedValues(
  { createdAtNs, creatorInboxId, addedByInboxId, adminInboxIds = [], superAdminInboxIds = [] }: Partial<PreviewConversation>,
  exportedAtNs: bigint,
): { archived?: DatedValues } {
  if (createdAtNs === undefined || addedByInboxId === undefined || adminInboxIds.length + superAdminInboxIds.length > mostAdmins) return {};
  return {
    archived: {
      exportedAtNs,
      createdAtNs,
      ...(creatorInboxId !== undefined && { creatorInboxId }),
      addedByInboxId,
      adminInboxIds,
      superAdminInboxIds,
    },
  };
}

/** Inbox ids are hex, and some apps wrote them in upper case. */
function isAmong(inboxIds: readonly string[], inboxId: string): boolean {
  return inboxIds.some((each) => each.toLowerCase() === inboxId.toLowerCase());
}

function toMs(ns: bigint): number {
  return Number(ns / nsPerMs);
}
