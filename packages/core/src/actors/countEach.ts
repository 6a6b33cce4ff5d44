import type { Host, MessageRange } from "../ports/host.ts";

/** How many conversations are asked at a time: the SDK answers them side by side. */
const atOnce = 8;

/** The messages of each of many conversations; `onCount` is told every count as it comes, in the order of the ids. */
export async function countEach(
  host: Host,
  conversationIds: readonly string[],
  range: MessageRange,
  { signal, onCount }: { signal: AbortSignal; onCount?: (messages: number) => void },
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let from = 0; from < conversationIds.length; from += atOnce) {
    const ids = conversationIds.slice(from, from + atOnce);
    const found = await Promise.all(ids.map((id) => host.countMessages(id, range, { signal })));
    for (const [index, messages] of found.entries()) {
      counts.set(ids[index] as string, messages);
      onCount?.(messages);
    }
  }
  return counts;
}
