import type { HostConversation } from "../ports/hostConversation.ts";
import type { MessageRange } from "../ports/host.ts";
import type { NewTimes } from "./newTimes.ts";

/** A conversation of an archive, as far as telling what is new of it needs. */
export type ArchivedConversation = {
  id: string;
  /** Both people of a DM. */
  memberInboxIds?: readonly string[];
  /** When the messages that the restore brings back were sent, the earliest first. */
  times: BigInt64Array;
};

/** One conversation as the user sees it, before an import: a group, or all DMs with one person, which show the same messages. */
export type BroughtPart = {
  /** Its ids in what is imported. */
  ids: readonly string[];
  /** Other ids that it has here. */
  twinIds: readonly string[];
  /** It was listed before, under any of its ids. */
  wasHere: boolean;
  /** The time of the imported messages; absent where it is not known, or there are none. */
  times?: { firstNs: bigint; lastNs: bigint };
  /** Only messages up to this time count; the journal does not keep it. @default all */
  endNs?: bigint;
  /** How many messages are imported; absent where it is not known. */
  imported?: number;
  /** How many messages of that time were here, or of all time; absent when they could not be counted. */
  before?: number | undefined;
  /** Where in that time new messages are expected; absent when nothing tells. */
  expected?: NewTimes | undefined;
};

/** The messages of a part while it is made. */
export type PartWithTimes = BroughtPart & { all: BigInt64Array };

/** The conversations of an archive as the user sees them, beside what is here of them. */
export function partsOf(
  archived: readonly ArchivedConversation[],
  listed: readonly HostConversation[],
  ownInboxId: string,
): PartWithTimes[] {
  const listedIds = new Set(listed.map(({ id }) => id));
  const twins = new Map<string, string[]>();
  for (const { id, peerInboxId } of listed) {
    if (peerInboxId === undefined) continue;
    const key = pairKey([ownInboxId, peerInboxId]);
    twins.set(key, [...(twins.get(key) ?? []), id]);
  }
  const grouped = new Map<string, ArchivedConversation[]>();
  for (const conversation of archived) {
    const key = conversation.memberInboxIds ? pairKey(conversation.memberInboxIds) : conversation.id;
    grouped.set(key, [...(grouped.get(key) ?? []), conversation]);
  }
  return [...grouped].map(([key, conversations]) => {
    const ids = conversations.map(({ id }) => id);
    const twinIds = (twins.get(key) ?? []).filter((id) => !ids.includes(id));
    const all = joined(conversations.map(({ times }) => times));
    const [firstNs, lastNs] = [all[0], all.at(-1)];
    return {
      ids,
      twinIds,
      wasHere: twinIds.length > 0 || ids.some((id) => listedIds.has(id)),
      ...(firstNs !== undefined && lastNs !== undefined && { times: { firstNs, lastNs }, imported: all.length }),
      all,
    };
  });
}

/** The range of a count that holds both times, whose start is left out. */
export function rangeBetween(firstNs: bigint, lastNs: bigint): MessageRange {
  return { endNs: lastNs, ...(firstNs > 0n && { startNs: firstNs - 1n }) };
}

/** Inbox ids are hex, and some apps wrote them in upper case. */
function pairKey(inboxIds: readonly string[]): string {
  return inboxIds
    .map((id) => id.toLowerCase())
    .sort()
    .join(":");
}

function joined(times: readonly BigInt64Array[]): BigInt64Array {
  const [only] = times;
  if (times.length === 1 && only) return only;
  const all = new BigInt64Array(times.reduce((length, each) => length + each.length, 0));
  let at = 0;
  for (const each of times) {
    all.set(each, at);
    at += each.length;
  }
  return all.sort();
}
