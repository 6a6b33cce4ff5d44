import type { ArchiveDetails, ConversationCount } from "../../archives/archiveEntry.ts";
import type { ArchiveId } from "../../ports/archiveId.ts";

/**
 * The user's word that the newest archive may hold less than earlier ones.
 *
 * Each of those counts from then on as if it held no more than the newest one held of it, so that the word is for this drop only.
 */
export type AcceptedSmaller = {
  /** Milliseconds since 1970. */
  atMs: number;
  archives: Readonly<Record<ArchiveId, { messages: number; conversations: number }>>;
};

/** What of an earlier archive a later one should hold too, and what of that it holds. */
export type Comparison = { messages: number; ofMessages: number; conversations: number; ofConversations: number };

export type Comparing = {
  with(archive: Holding): Comparison;
  /** A quick look, which rules most archives out. */
  mayHoldMore(archive: { details?: ArchiveDetails | undefined }): boolean;
};

type Holding = { id: ArchiveId; details: ArchiveDetails };

/**
 * Compares archives with the newest one, by what it should still hold of them.
 *
 * Messages of a conversation that both hold and whose messages disappeared after a time already then explain themselves: they count on
 * neither side. A timer that was set since then takes none of the messages that were there before it. A conversation that is gone as a whole counts, unless the newest one was to leave such messages out.
 * Messages that were never sent, which a restore leaves out, count on neither side.
 */
export function compareWith(newest: Holding, accepted?: AcceptedSmaller): Comparing {
  const { counts, conversations, withoutDisappearing = false } = newest.details;
  let byId: Map<string, ConversationCount> | undefined;
  const isTimed = conversations.some(({ disappears }) => disappears);
  const ownUnsent = unsentIn(newest.details);

  function compare({ id, details }: Holding): Comparison {
    let messages = details.counts.messages - unsentIn(details);
    let ofMessages = counts.messages - ownUnsent;
    let ofAll = details.counts.conversations;
    if (isTimed || details.conversations.some(({ disappears }) => disappears)) {
      byId ??= new Map(conversations.map((conversation) => [conversation.id, conversation]));
      for (const conversation of details.conversations) {
        const later = byId.get(conversation.id);
        if (later?.disappears && !conversation.disappears) ofMessages -= Math.max(0, sentIn(later) - sentIn(conversation));
        if (!conversation.disappears || !(later || withoutDisappearing)) continue;
        messages -= sentIn(conversation);
        ofMessages -= later ? sentIn(later) : 0;
        if (!later) ofAll -= 1;
      }
      // What began since then to disappear is in the newest one only, and fills no place of what was lost.
      if (isTimed) ofMessages -= timedOnlyIn(newest.details, details);
    }
    const most = accepted && Object.hasOwn(accepted.archives, id) ? accepted.archives[id] : undefined;
    return {
      messages: Math.min(messages, most?.messages ?? Infinity),
      ofMessages,
      conversations: Math.min(ofAll, most?.conversations ?? Infinity),
      ofConversations: counts.conversations,
    };
  }

  return {
    with: compare,
    mayHoldMore: ({ details }) =>
      details !== undefined &&
      (isTimed || ownUnsent > 0 || details.counts.messages > counts.messages || details.counts.conversations > counts.conversations),
  };
}

function timedOnlyIn(newest: ArchiveDetails, archive: ArchiveDetails): number {
  const known = new Set(archive.conversations.map(({ id }) => id));
  return newest.conversations.reduce(
    (sum, conversation) => (conversation.disappears && !known.has(conversation.id) ? sum + sentIn(conversation) : sum),
    0,
  );
}

function sentIn({ messages, unsent = 0 }: ConversationCount): number {
  return messages - unsent;
}

function unsentIn({ conversations }: ArchiveDetails): number {
  return conversations.reduce((sum, { unsent = 0 }) => sum + unsent, 0);
}

/** Whether the later archive lacks something. */
export function isLess({ messages, ofMessages, conversations, ofConversations }: Comparison): boolean {
  return messages > ofMessages || conversations > ofConversations;
}

/** Whether it lacks so much that it can't be by chance: more than half of the messages, or of the conversations. */
export function isFarLess({ messages, ofMessages, conversations, ofConversations }: Comparison): boolean {
  return ofMessages * 2 < messages || ofConversations * 2 < conversations;
}

/**
 * Whether an archive holds what a later one does not, as far as counts tell: more in all, more of any conversation, or older messages.
 *
 * For archives of different installations, of which neither need hold what the other does.
 */
export function holdsOther(archive: Holding, later: Holding, comparison: Comparison): boolean {
  if (isLess(comparison)) return true;
  const { firstMessageNs, conversations } = archive.details;
  const reachesBack =
    firstMessageNs !== undefined && (later.details.firstMessageNs === undefined || firstMessageNs < later.details.firstMessageNs);
  if (reachesBack && conversations.some((conversation) => !conversation.disappears && sentIn(conversation) > 0)) return true;
  const byId = new Map(later.details.conversations.map((conversation) => [conversation.id, conversation]));
  return conversations.some((conversation) => {
    const same = byId.get(conversation.id);
    if (!same) return sentIn(conversation) > 0;
    return !(conversation.disappears || same.disappears) && sentIn(conversation) > sentIn(same);
  });
}
