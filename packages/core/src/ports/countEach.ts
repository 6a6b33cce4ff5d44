import { isBackupError } from "../errors/backupError.ts";
import type { Host, MessageRange } from "./host.ts";

/** How many conversations are asked at a time: the SDK answers them side by side. */
const atOnce = 32;

export type CountOptions = {
  signal: AbortSignal;
  /** What is counted. @default the messages in the range */
  count?: (id: string) => Promise<number>;
  /** Called with every count as it comes, in the order of the ids. */
  onCount?: (messages: number) => void;
  /** Called for each conversation that can't be counted, with the reason; it is in no count. */
  onFailed?: (id: string, error: unknown) => void;
};

/**
 * The messages of each of many conversations. The others are counted even if one can't be.
 *
 * @param range - the same for all, or that of each
 *
 * @throws CLIENT_CLOSED when the client is closed
 */
export async function countEach(
  host: Host,
  conversationIds: readonly string[],
  range: MessageRange | ((id: string) => MessageRange),
  { signal, count: countOne, onCount, onFailed }: CountOptions,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const rangeOf = typeof range === "function" ? range : () => range;

  async function count(id: string): Promise<{ messages: number } | { error: unknown }> {
    try {
      return { messages: await (countOne?.(id) ?? host.countMessages(id, rangeOf(id), { signal })) };
    } catch (error) {
      signal.throwIfAborted();
      if (isBackupError(error) && error.code === "CLIENT_CLOSED") throw error;
      return { error };
    }
  }

  for (let from = 0; from < conversationIds.length; from += atOnce) {
    const ids = conversationIds.slice(from, from + atOnce);
    const found = await Promise.all(ids.map(count));
    for (const [index, answer] of found.entries()) {
      const id = ids[index] as string;
      if ("error" in answer) {
        onFailed?.(id, answer.error);
        continue;
      }
      counts.set(id, answer.messages);
      onCount?.(answer.messages);
    }
  }
  return counts;
}
