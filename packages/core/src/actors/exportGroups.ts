import { type ArchiveRecord, readArchive, writeArchive } from "@xmtp-backup/archive";
import type { ExportRequest, Host, TemporaryArchive } from "../ports/host.ts";

/**
 * The conversations that were created before the range of a request and have messages in it, without those messages.
 *
 * The SDK filters conversations by their creation and messages by their sending, so that an export with a start holds
 * messages whose conversation is missing, and can't be imported on a fresh installation.
 */
export async function exportGroups(
  host: Host,
  { startNs, endNs, excludeDisappearingMessages = false }: ExportRequest & { startNs: bigint },
  conversationIds: ReadonlySet<string>,
  key: Uint8Array,
  signal: AbortSignal,
): Promise<TemporaryArchive> {
  const before = await host.exportArchive({ elements: ["messages"], endNs: startNs, excludeDisappearingMessages }, key, { signal });
  const { primitives } = host;
  async function* groups(): AsyncGenerator<ArchiveRecord> {
    for await (const record of readArchive(before.blob, key, { signal, primitives })) {
      if (record.kind === "metadata") yield { kind: "metadata", metadata: { ...record.metadata, startNs, endNs: endNs ?? startNs } };
      if (record.kind === "group" && conversationIds.has(record.group.id)) yield record;
    }
  }
  try {
    return await host.spool(writeArchive(groups(), key, { signal, primitives }), { signal });
  } finally {
    await before.release();
  }
}
