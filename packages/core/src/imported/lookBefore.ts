import type { Host, MessageRange } from "../ports/host.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { type ArchivedConversation, type BroughtPart, type PartWithTimes, partsOf, rangeBetween } from "./broughtParts.ts";
import { countEach } from "../ports/countEach.ts";
import { expectNewTimes } from "./newTimes.ts";

type Options = CallOptions & {
  ownInboxId: string;
  signal: AbortSignal;
  /** The conversations that earlier restores brought, inactive DMs with the same people among them. */
  tracked: readonly TrackedTwin[];
};

/** A conversation that an earlier restore brought; a DM names the other person. */
export type TrackedTwin = { id: string; peerInboxId?: string };

/**
 * What is here of the conversations of an archive, before its import: on a new installation that is one look-up and no count.
 *
 * The conversations are looked up by their ids and their people. A list of everything holds up a large client.
 *
 * @throws HOST_FAILED when the client can't look up its conversations
 */
export async function lookBefore(
  host: Host,
  archived: readonly ArchivedConversation[],
  { ownInboxId, signal, tracked }: Options,
): Promise<BroughtPart[]> {
  const peers = new Set(
    archived.flatMap(({ memberInboxIds = [] }) =>
      memberInboxIds.map((id) => id.toLowerCase()).filter((id) => id !== ownInboxId.toLowerCase()),
    ),
  );
  const twins = tracked.filter(({ peerInboxId }) => peerInboxId !== undefined && peers.has(peerInboxId.toLowerCase()));
  const ids = [...new Set([...archived, ...twins].map(({ id }) => id))];
  const listed = await host.listConversations({ signal, ids, peerInboxIds: [...peers] });
  const listedIds = new Set(listed.map(({ id }) => id));
  const parts = partsOf(archived, listed, ownInboxId);
  const hereIdOf = ({ ids, twinIds }: BroughtPart) => ids.find((id) => listedIds.has(id)) ?? twinIds[0];
  const byHereId = new Map<string, PartWithTimes>();
  for (const part of parts) {
    const id = hereIdOf(part);
    if (id === undefined || part.times === undefined) part.before = 0;
    else byHereId.set(id, part);
  }
  const counts = await countEach(host, [...byHereId.keys()], (id) => rangeOf(byHereId.get(id)), { signal });
  for (const [id, part] of byHereId) {
    part.before = counts.get(id);
    if (part.before) part.expected = await expectIn(host, id, part, part.before, signal);
  }
  return parts.map(({ all: _all, ...part }) => part);
}

/** The range of the imported messages of a part. */
export function rangeOf(part: BroughtPart | undefined): MessageRange {
  if (part?.times) return rangeBetween(part.times.firstNs, part.times.lastNs);
  return part?.endNs === undefined ? {} : { endNs: part.endNs };
}

/** A client that can't tell where new messages are expected still tells how many there are. */
async function expectIn(
  host: Host,
  id: string,
  { all }: PartWithTimes,
  here: number,
  signal: AbortSignal,
): Promise<BroughtPart["expected"]> {
  try {
    return await expectNewTimes(all, here, countBetween(host, id, signal));
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** Counts messages of one conversation; none where the second time is before the first. */
export function countBetween(host: Host, id: string, signal?: AbortSignal) {
  return async (firstNs: bigint, lastNs: bigint): Promise<number> =>
    lastNs < firstNs ? 0 : host.countMessages(id, rangeBetween(firstNs, lastNs), { signal });
}
