import { readArchive } from "@xmtp-backup/archive";
import type { Host } from "../ports/host.ts";
import type { CallOptions } from "../ports/callOptions.ts";

/** How many messages of a conversation a chunk holds, and in which time. */
type Held = { messages: number; firstNs: bigint; lastNs: bigint };

/**
 * Whether the client holds what a chunk brought: every conversation of it, and as many messages in the time of its own.
 *
 * A client that can't tell, or a chunk of consent alone, counts as not imported: to import a chunk twice does no harm.
 */
export async function isChunkImported(host: Host, chunk: Blob, chunkKey: Uint8Array, { signal }: CallOptions): Promise<boolean> {
  const held = await holdingsOf(host, chunk, chunkKey, { signal });
  if (held.size === 0) return false;
  try {
    const ids = [...held.keys()];
    const listed = new Set((await host.listConversations({ signal, ids })).map(({ id }) => id));
    if (ids.some((id) => !listed.has(id))) return false;
    for (const [id, { messages, firstNs, lastNs }] of held) {
      const range = { endNs: lastNs, ...(firstNs > 0n && { startNs: firstNs - 1n }) };
      if (messages > 0 && (await host.countMessages(id, range, { signal })) < messages) return false;
    }
    return true;
  } catch {
    signal?.throwIfAborted();
    return false;
  }
}

async function holdingsOf({ primitives }: Host, chunk: Blob, chunkKey: Uint8Array, { signal }: CallOptions): Promise<Map<string, Held>> {
  const held = new Map<string, Held>();
  for await (const record of readArchive(chunk, chunkKey, { signal, primitives })) {
    if (record.kind === "group") held.set(record.group.id, held.get(record.group.id) ?? { messages: 0, firstNs: 0n, lastNs: 0n });
    if (record.kind !== "message") continue;
    const { groupId, sentAtNs } = record.message;
    const before = held.get(groupId);
    const isFirst = !before || before.messages === 0;
    held.set(groupId, {
      messages: (before?.messages ?? 0) + 1,
      firstNs: isFirst || sentAtNs < before.firstNs ? sentAtNs : before.firstNs,
      lastNs: isFirst || sentAtNs > before.lastNs ? sentAtNs : before.lastNs,
    });
  }
  return held;
}
