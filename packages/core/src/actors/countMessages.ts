import type { Host, MessageRange } from "../ports/host.ts";

/** How many messages the client holds of each conversation, in a range; conversations without any are left out. */
export async function countMessages(host: Host, range: MessageRange, signal: AbortSignal): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { id } of await host.listConversations({ signal })) {
    const messages = await host.countMessages(id, range, { signal });
    if (messages > 0) counts.set(id, messages);
  }
  return counts;
}

export function totalOf(counts: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}
