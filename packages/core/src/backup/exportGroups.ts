import { type ArchiveRecord, readArchive, writeArchive } from "@xmtp-backup/archive";
import { createPartExporter, type PartExporterOptions } from "./createPartExporter.ts";
import type { ExportRequest, Host, MessageRange, TemporaryArchive } from "../ports/host.ts";

/**
 * The conversations that were created outside the range of a request and have messages in it, without those messages. `outside` is the
 * time before the range or the time after it.
 *
 * An export with a range can lack the conversations of its messages: docs/sdk-facts.md#export-with-a-start.
 */
export async function exportGroups(
  host: Host,
  { startNs, endNs, excludeDisappearingMessages = false }: ExportRequest,
  outside: MessageRange,
  conversationIds: ReadonlySet<string>,
  options: PartExporterOptions,
): Promise<TemporaryArchive> {
  const { sliceKey, signal } = options;
  const { primitives } = host;
  const around = createPartExporter(host, options);
  const range = { ...(startNs !== undefined && { startNs }), ...(endNs !== undefined && { endNs }) };
  async function* groups(): AsyncGenerator<ArchiveRecord> {
    let isFirst = true;
    for (const { blob } of around.slices) {
      for await (const record of readArchive(blob, sliceKey, { signal, primitives })) {
        if (record.kind === "metadata" && isFirst) {
          const { startNs: _start, endNs: _end, ...metadata } = record.metadata;
          yield { kind: "metadata", metadata: { ...metadata, ...range } };
          isFirst = false;
        }
        if (record.kind === "group" && conversationIds.has(record.group.id)) yield record;
      }
    }
  }
  try {
    // A conversation that is missing after this leaves its messages without one: the counts tell.
    await around.exportPart({ elements: ["messages"], ...outside, excludeDisappearingMessages });
    if (around.slices.length === 0) throw around.firstFailure();
    return await host.spool(writeArchive(groups(), sliceKey, { signal, primitives }), { signal });
  } finally {
    await around.release();
  }
}
