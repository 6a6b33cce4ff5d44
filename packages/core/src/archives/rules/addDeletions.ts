import type { ArchiveDeletion } from "@xmtp-backup/archive";

/** The most deletions that are remembered; beyond, the oldest are forgotten. */
export const mostDeletions = 10_000;

/** The deletions of earlier archives and those of one more, the newest last, each once. */
export function addDeletions(seen: readonly ArchiveDeletion[], more: readonly ArchiveDeletion[]): ArchiveDeletion[] {
  const byName = new Map<string, ArchiveDeletion>();
  for (const deletion of [...seen, ...more]) {
    const name = `${deletion.conversationId}:${deletion.messageId}:${deletion.senderInboxId}`;
    const known = byName.get(name);
    // An archive that a restored device makes may not know who was a super admin.
    if (!known || (deletion.isBySuperAdmin && !known.isBySuperAdmin)) byName.set(name, deletion);
  }
  return [...byName.values()].sort((a, b) => (a.sentAtNs < b.sentAtNs ? -1 : a.sentAtNs > b.sentAtNs ? 1 : 0)).slice(-mostDeletions);
}
