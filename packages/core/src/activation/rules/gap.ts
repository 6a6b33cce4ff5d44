import type { Gap } from "./trackedConversation.ts";
import type { ImportedConversation, ImportedHistory } from "../../imported/importedHistory.ts";

/** The gap of a conversation that an import brings: from the archive's end on. */
export function openGap({ endMs }: ImportedHistory): Gap {
  return { fromMs: endMs };
}

/** The gap ends where the conversation is active again. */
export function closeGap(gap: Gap, activeAtMs: number): Gap {
  return gap.toMs !== undefined ? gap : { ...gap, toMs: activeAtMs, ...(activeAtMs <= gap.fromMs && { isFilled: true }) };
}

/**
 * What a further import leaves of a gap; the same gap when it does not touch it.
 *
 * Only an installation that was active meanwhile has the missing messages, so this one's own archives never count. An archive of unknown
 * origin counts when it holds a message from within the gap.
 */
export function coverGap(gap: Gap, history: ImportedHistory, conversation: ImportedConversation, ownInstallationId: string): Gap {
  const { startMs = -Infinity, endMs, installationId } = history;
  if (gap.isFilled || startMs > gap.fromMs || endMs <= gap.fromMs || installationId === ownInstallationId) return gap;
  if (installationId === undefined && !isWithin(gap, conversation.lastMessageMs)) return gap;
  return gap.toMs !== undefined && endMs >= gap.toMs ? { ...gap, isFilled: true } : { ...gap, fromMs: endMs };
}

function isWithin({ fromMs, toMs = Infinity }: Gap, atMs: number | undefined): boolean {
  return atMs !== undefined && atMs > fromMs && atMs <= toMs;
}
