import type { ArchiveDetails } from "../../archives/archiveEntry.ts";

/** The conversations that an archive lacks, or whose own data changed since. */
export function changedIds(
  { conversations }: Pick<ArchiveDetails, "conversations">,
  ids: readonly string[],
  revisions: ReadonlyMap<string, number>,
): string[] {
  const held = new Map(conversations.map(({ id, revision = 0 }) => [id, revision]));
  return ids.filter((id) => held.get(id) !== revisions.get(id));
}
