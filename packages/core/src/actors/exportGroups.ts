import { type ArchiveRecord, readArchive, writeArchive } from "@xmtp-backup/archive";
import type { ExportRequest, Host, MessageRange, TemporaryArchive } from "../ports/host.ts";

/**
 * The conversations that were created outside the range of a request and have messages in it, without those messages;
 * `outside` is the time before the range or the time after it.
 *
 * The SDK filters conversations by their creation and messages by their sending, and a restored conversation counts as
 * created when it was restored. So an export with a range holds messages whose conversation is missing, and can't be
 * imported on a fresh installation.
 */
export async function exportGroups(
  host: Host,
  { startNs, endNs, excludeDisappearingMessages = false }: ExportRequest,
  outside: MessageRange,
  conversationIds: ReadonlySet<string>,
  key: Uint8Array,
  signal: AbortSignal,
): Promise<TemporaryArchive> {
  const around = await host.exportArchive({ elements: ["messages"], ...outside, excludeDisappearingMessages }, key, { signal });
  const { primitives } = host;
  const range = { ...(startNs !== undefined && { startNs }), ...(endNs !== undefined && { endNs }) };
  async function* groups(): AsyncGenerator<ArchiveRecord> {
    for await (const record of readArchive(around.blob, key, { signal, primitives })) {
      if (record.kind === "metadata") {
        const { startNs: _start, endNs: _end, ...metadata } = record.metadata;
        yield { kind: "metadata", metadata: { ...metadata, ...range } };
      }
      if (record.kind === "group" && conversationIds.has(record.group.id)) yield record;
    }
  }
  try {
    return await host.spool(writeArchive(groups(), key, { signal, primitives }), { signal });
  } finally {
    await around.release();
  }
}
