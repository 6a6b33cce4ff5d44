import type { ArchiveDetails, ArchiveLacks, ConversationCount, LackingConversation } from "../archives/archiveEntry.ts";
import type { BrokenConversation } from "../ports/hostConversation.ts";
import { missingByConversation } from "./rules/missingByConversation.ts";
import type { SentTimes } from "./rules/sentTimes.ts";
import type { ExportShortfall } from "./createPartExporter.ts";
import type { ClientSurvey } from "./surveyClient.ts";

export type LackFacts = {
  /** What the client held before the export. */
  survey: ClientSurvey;
  /** What the export says that it could not write. */
  shortfall: ExportShortfall;
  /** What the archive holds. */
  archived: readonly ConversationCount[];
  /** Messages of a conversation that were deleted for everyone, and so left out. @default none */
  deleted?: SentTimes;
  /** Messages were left out on purpose, so that the counts can't be compared. */
  isPartByChoice: boolean;
};

/** What a manifest says of what an archive lacks; nothing when the archive is complete. */
export function archiveLacks({
  survey,
  shortfall,
  archived,
  deleted = new Map(),
  isPartByChoice,
}: LackFacts): Pick<ArchiveDetails, "missingMessages" | "lacks"> {
  const { counts, stitched, broken, uncountedIds } = survey;
  const { ranges, lacksConsent } = shortfall;
  const missing = isPartByChoice ? new Map<string, number>() : missingByConversation(counts, withDeleted(archived, deleted), stitched);
  const held = new Set(archived.map(({ id }) => id));
  // A broken conversation that the archive holds with all that was counted lacks nothing. Broken DMs can't be counted.
  const isLacking = ({ id, kind }: BrokenConversation) =>
    id === undefined || kind !== "group" || !held.has(id) || missing.has(id) || uncountedIds.has(id);

  const brokenIds = new Set(broken.map(({ id }) => id));
  const conversations: LackingConversation[] = broken
    .filter(isLacking)
    .map(({ id, kind }) => ({ ...(id !== undefined && { id }), ...(kind && { kind }), ...countOf(id, counts, missing), isBroken: true }));
  for (const [id, messages] of missing) if (!brokenIds.has(id)) conversations.push({ id, messages });
  for (const id of uncountedIds) if (!brokenIds.has(id)) conversations.push({ id });
  if (conversations.length + ranges.length === 0 && !lacksConsent) return {};

  const lacks: ArchiveLacks = { conversations, ranges, ...(lacksConsent && { consent: true }) };
  const counted = [...missing.values()].reduce((sum, messages) => sum + messages, 0);
  const inRanges = ranges.reduce((sum, { messages = 0 }) => sum + messages, 0);
  return { missingMessages: isPartByChoice ? inRanges : counted, lacks };
}

/** What the archive would hold of each conversation, had nothing been deleted. */
function withDeleted(archived: readonly ConversationCount[], deleted: SentTimes): ConversationCount[] {
  return archived.map((conversation) => ({
    ...conversation,
    messages: conversation.messages + (deleted.get(conversation.id)?.length ?? 0),
  }));
}

function countOf(id: string | undefined, counts: ReadonlyMap<string, number>, missing: ReadonlyMap<string, number>): { messages?: number } {
  if (id === undefined || !counts.has(id)) return {};
  const messages = missing.get(id);
  return messages === undefined ? {} : { messages };
}
