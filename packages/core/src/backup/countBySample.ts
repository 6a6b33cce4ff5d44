import { countEach } from "../ports/countEach.ts";
import type { Host, MessageRange } from "../ports/host.ts";
import { sampleConversations } from "./rules/sampleConversations.ts";

/** Counts about how many messages lie in a range, by a sample of the conversations. */
export function countBySample(
  host: Host,
  counts: ReadonlyMap<string, number>,
  signal: AbortSignal,
): (range: MessageRange) => Promise<number> {
  const weights = new Map(sampleConversations(counts).map(({ id, weight }) => [id, weight]));
  return async (range) => {
    const found = await countEach(host, [...weights.keys()], range, { signal });
    return Math.round([...found].reduce((sum, [id, messages]) => sum + messages * (weights.get(id) ?? 1), 0));
  };
}
