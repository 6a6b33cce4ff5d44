import type { Host, MessageRange } from "../ports/host.ts";

/** A shorter time is not halved: an export of it costs as much. */
const shortestNs = 3_600_000_000_000n;
/** How often a conversation is counted at most; then what is left of it counts as different. */
const mostCounts = 256;

/** How often all conversations together may still be counted. */
export type CountBudget = { left: number };

type Part = { range: { startNs?: bigint; endNs: bigint }; heldNs: readonly bigint[] };

/**
 * The times in which a client counts another number of messages of a conversation than the archive holds, found by halving.
 *
 * One message that came and another one that went within an hour look like none. The next export of everything mends that.
 *
 * @param heldNs - when those of the archive were sent, in order, with those that it leaves out on purpose
 * @param untilNs - nothing later is looked at
 * @param budget - what is left of it when this ends
 */
export async function findDifferences(
  host: Host,
  conversationId: string,
  heldNs: readonly bigint[],
  untilNs: bigint,
  budget: CountBudget,
  signal: AbortSignal,
): Promise<MessageRange[]> {
  const found: MessageRange[] = [];
  // The widest first, so that what is left when it ends is narrow.
  const queue: Part[] = [{ range: { endNs: untilNs }, heldNs: heldNs.filter((timeNs) => timeNs <= untilNs) }];
  for (let counts = 0, part = queue.shift(); part; part = queue.shift(), counts += 1) {
    const { range, heldNs: held } = part;
    budget.left -= 1;
    if (counts >= mostCounts || budget.left <= 0) {
      found.push(range);
      continue;
    }
    const messages = await host.countMessages(conversationId, range, { signal });
    if (messages === held.length) continue;
    const [firstNs, lastNs] = [held[0], held.at(-1)];
    if (messages === 0 && firstNs !== undefined && lastNs !== undefined) found.push({ startNs: firstNs - 1n, endNs: lastNs });
    else if (range.endNs - (range.startNs ?? 0n) <= shortestNs) found.push(range);
    else queue.push(...halvesOf(part));
  }
  return found;
}

/** Halves hold as many messages of the archive each, or are as long as each other where it has none. */
function halvesOf({ range, heldNs }: Part): Part[] {
  const fromNs = range.startNs ?? 0n;
  const medianNs = heldNs[Math.floor((heldNs.length - 1) / 2)];
  const isBetween = medianNs !== undefined && medianNs > fromNs && medianNs < range.endNs;
  const middleNs = isBetween ? medianNs : fromNs + (range.endNs - fromNs) / 2n;
  const early = heldNs.filter((timeNs) => timeNs <= middleNs);
  return [
    { range: { ...range, endNs: middleNs }, heldNs: early },
    { range: { startNs: middleNs, endNs: range.endNs }, heldNs: heldNs.slice(early.length) },
  ];
}
