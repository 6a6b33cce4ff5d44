import type { ArchiveDeletion } from "@xmtp-backup/archive";
import { addDeletions } from "./rules/addDeletions.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal } from "../ports/journal.ts";
import { versionedNote } from "../tasks/versionedNote.ts";

/** As plain JSON: the time as text. */
type NotedDeletion = [messageId: string, conversationId: string, senderInboxId: string, sentAtNs: string, isBySuperAdmin: boolean];
type DeletionsNote = { deletions: NotedDeletion[] };

const deletionsNote = versionedNote<DeletionsNote>("deletions", 1, isDeletionsNote);

/**
 * The deletions of the archives that were restored here, the newest last.
 *
 * An import does not do what they say (docs/sdk-facts.md#deletions-work-on-arrival). A note that can't be read counts as missing.
 */
export async function readDeletions(journal: Journal, options: CallOptions = {}): Promise<ArchiveDeletion[]> {
  const note = await deletionsNote.read(journal, options).catch(() => undefined);
  options.signal?.throwIfAborted();
  return (note?.deletions ?? []).map(([messageId, conversationId, senderInboxId, sentAtNs, isBySuperAdmin]) => ({
    messageId,
    conversationId,
    senderInboxId,
    sentAtNs: BigInt(sentAtNs),
    isBySuperAdmin,
  }));
}

/** Remembers the deletions of an archive, for the archives that are restored after it. */
export async function noteDeletions(journal: Journal, deletions: readonly ArchiveDeletion[], options: CallOptions = {}): Promise<void> {
  if (deletions.length === 0) return;
  const all = addDeletions(await readDeletions(journal, options), deletions);
  const noted = all.map(
    ({ messageId, conversationId, senderInboxId, sentAtNs, isBySuperAdmin }): NotedDeletion => [
      messageId,
      conversationId,
      senderInboxId,
      String(sentAtNs),
      isBySuperAdmin,
    ],
  );
  await deletionsNote.write(journal, { deletions: noted }, options);
}

function isDeletionsNote(note: unknown): note is DeletionsNote {
  const { deletions } = note as Partial<Record<keyof DeletionsNote, unknown>>;
  return Array.isArray(deletions) && deletions.every(isNotedDeletion);
}

function isNotedDeletion(value: unknown): value is NotedDeletion {
  if (!Array.isArray(value) || value.length !== 5) return false;
  const [messageId, conversationId, senderInboxId, sentAtNs, isBySuperAdmin] = value as unknown[];
  const areTexts = [messageId, conversationId, senderInboxId].every((text) => typeof text === "string");
  return areTexts && typeof sentAtNs === "string" && /^-?\d{1,20}$/.test(sentAtNs) && typeof isBySuperAdmin === "boolean";
}
