import type { ArchiveDetails } from "../../archives/archiveEntry.ts";
import type { SentTimes } from "./sentTimes.ts";

/** What the client held at a backup, for the next one that builds on it. */
export type Comparison = {
  /** The revision of each conversation, before the export. */
  revisions: ReadonlyMap<string, number>;
  /** When the oldest part was exported. */
  freshAtMs: number;
  /** Deleted messages that the last archive left out, and that are not looked at again. */
  deletedMessages: SentTimes;
};

/** The most messages that a manifest names; an archive that leaves out more is none to build on. */
const mostLeftOut = 2_000;

/**
 * What the manifest tells the next backup to compare the client with.
 *
 * @param deleted - messages that the archive leaves out on purpose
 */
export function comparedWith(
  comparison: Comparison | undefined,
  deleted: SentTimes,
): Pick<ArchiveDetails, "freshAtMs" | "deletedMessages"> {
  const deletedMessages = [...deleted].filter(([, sentNs]) => sentNs.length > 0).map(([id, sentNs]) => ({ id, sentNs: [...sentNs] }));
  if (!comparison || deletedMessages.reduce((sum, { sentNs }) => sum + sentNs.length, 0) > mostLeftOut) return {};
  return { freshAtMs: comparison.freshAtMs, ...(deletedMessages.length > 0 && { deletedMessages }) };
}

/** The revision of a conversation for the manifest, which names none that is 0. */
export function revisionIn(comparison: Comparison | undefined, id: string): { revision?: number } {
  const revision = comparison?.revisions.get(id) ?? 0;
  return revision > 0 ? { revision } : {};
}

/** How many messages of a conversation are later than the cut, for the manifest, which names no 0. */
export function laterIn(later: ReadonlyMap<string, number> | undefined, id: string): { later?: number } {
  const count = later?.get(id) ?? 0;
  return count > 0 ? { later: count } : {};
}
