import type { ArchiveId } from "../ports/archiveId.ts";
import type { ArchiveDetails, ArchiveEntry, ChainBreak, ConversationCount, Increment } from "./archiveEntry.ts";

type OpenEntry = Extract<ArchiveEntry, { seal: "open" }>;

/** The most increments of a chain; a setting allows fewer, and what claims more is none that a backup made. */
export const longestChain = 1_000;

/**
 * Completes every increment of a list with what its base says, so that its details are those of the restore point. One whose chain is
 * broken says why. The archives before the break are as good as they were.
 *
 * @param entries - in any order, each id once
 */
export function joinChains(entries: readonly ArchiveEntry[]): ArchiveEntry[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const joined = new Map<ArchiveId, ArchiveEntry>();

  /** From the whole archive up, without recursion: a chain may be long. */
  function join(last: OpenEntry): ArchiveEntry {
    const row = new Set<OpenEntry>();
    let next: ArchiveEntry | undefined = last;
    while (next && isIncrement(next) && !joined.has(next.id) && !row.has(next)) {
      row.add(next);
      next = byId.get(next.details.increment.baseId);
    }
    for (const entry of [...row].reverse()) joined.set(entry.id, joinOne(entry));
    return joined.get(last.id) ?? last;
  }

  function joinOne(entry: OpenEntry): ArchiveEntry {
    const { details, ...outline } = entry;
    const baseId = details.increment?.baseId ?? "";
    const base = byId.get(baseId);
    const chainBreak = whyBroken(entry, base);
    if (chainBreak) return { ...outline, seal: "chainBroken", chainBreak };
    // Only a chain that runs in a circle comes to itself again.
    const before = base && isIncrement(base) ? joined.get(baseId) : base;
    if (before?.seal === "chainBroken") return { ...outline, seal: "chainBroken", chainBreak: before.chainBreak };
    if (before?.seal !== "open") return { ...outline, seal: "chainBroken", chainBreak: { why: "order", id: baseId } };
    const conversations = overlay(before.details.conversations, details.conversations);
    return { ...entry, details: { ...details, conversations }, chain: [...(before.chain ?? [baseId]), entry.id] };
  }

  return entries.map((entry) => (isIncrement(entry) ? join(entry) : entry));
}

function isIncrement(entry: ArchiveEntry): entry is OpenEntry & { details: { increment: Increment } } {
  return entry.details?.increment !== undefined;
}

/** Why an increment does not go on from what the store has under the id of its base; undefined when it does. */
function whyBroken({ keyFingerprint, details }: OpenEntry, base: ArchiveEntry | undefined): ChainBreak | undefined {
  const { increment } = details;
  if (!increment) return undefined;
  const { baseId: id, baseSha256, chainLength } = increment;
  if (!base) return { why: "missing", id };
  if (base.seal !== "open") return { why: "unreadable", id };
  const { inboxId, installationId, network, increment: before } = base.details;
  const isOfOne = inboxId === details.inboxId && installationId === details.installationId && network === details.network;
  if (!isOfOne || base.keyFingerprint !== keyFingerprint) return { why: "otherOwner", id };
  if (chainLength !== (before?.chainLength ?? 0) + 1 || chainLength > longestChain) return { why: "order", id };
  return base.details.sha256 === baseSha256 ? undefined : { why: "altered", id };
}

function overlay(held: readonly ConversationCount[], changed: readonly ConversationCount[]): ConversationCount[] {
  const byId = new Map(held.map((conversation) => [conversation.id, conversation]));
  for (const conversation of changed) byId.set(conversation.id, conversation);
  return [...byId.values()];
}

/** The conversations of a restore point that its base has not, or has otherwise: what the manifest of an increment names. */
export function changedConversations(
  { conversations: held }: Pick<ArchiveDetails, "conversations">,
  conversations: readonly ConversationCount[],
): ConversationCount[] {
  const before = new Map(held.map((conversation) => [conversation.id, conversation]));
  return conversations.filter((conversation) => !isSame(before.get(conversation.id), conversation));
}

const fields = ["messages", "wasRemoved", "hasLeft", "disappears", "unsent", "later", "revision"] as const;

/** A field that is absent is 0 or false. */
function isSame(one: ConversationCount | undefined, other: ConversationCount): boolean {
  return one !== undefined && fields.every((field) => Number(one[field] ?? 0) === Number(other[field] ?? 0));
}
