import { type ArchiveRecord, readArchive, writeArchive } from "@xmtp-backup/archive";
import { createPartExporter, type PartExporter, type PartExporterOptions } from "./createPartExporter.ts";
import type { ExportRequest, Host, MessageRange, TemporaryArchive } from "../ports/host.ts";
import { creationRanges } from "./rules/creationRanges.ts";
import { boundsOf, isWithin, withoutRange } from "./rules/timeRanges.ts";
import type { ClientSurvey } from "./surveyClient.ts";

/**
 * The conversations that were created outside the range of a request and have messages in it, without those messages; undefined when there
 * are none.
 *
 * An export with a range can lack the conversations of its messages: docs/sdk-facts.md#export-with-a-start. So the moments at which those were
 * created are exported too. The whole time outside the range is exported only for a conversation that is not found there.
 */
export async function exportGroups(
  host: Host,
  request: ExportRequest,
  survey: ClientSurvey,
  options: PartExporterOptions,
): Promise<TemporaryArchive | undefined> {
  const { excludeDisappearingMessages = false } = request;
  const { sliceKey, signal } = options;
  const { primitives } = host;
  const neededIds = createdOutside(survey, request);
  if (neededIds.size === 0) return undefined;
  const around = createPartExporter(host, options);
  const exportRange = (range: MessageRange) => around.exportPart({ elements: ["messages"], ...range, excludeDisappearingMessages });
  const readSlices = () => readAll(around, (blob) => readArchive(blob, sliceKey, { signal, primitives }));

  /** Whether a conversation is not found that the SDK can read. */
  async function lacksOne(): Promise<boolean> {
    const lacking = new Set(neededIds);
    for (const { id } of survey.broken) if (id !== undefined && survey.createdAtNs.has(id)) lacking.delete(id);
    for await (const record of readSlices()) if (record.kind === "group") lacking.delete(record.group.id);
    return lacking.size > 0;
  }

  async function* groups(): AsyncGenerator<ArchiveRecord> {
    let isFirst = true;
    const awaited = new Set(neededIds);
    for await (const record of readSlices()) {
      if (record.kind === "metadata" && isFirst) {
        yield { kind: "metadata", metadata: { ...withoutRange(record.metadata), ...boundsOf(request) } };
        isFirst = false;
      }
      if (record.kind === "group" && awaited.delete(record.group.id)) yield record;
    }
  }

  try {
    const times = [...neededIds].flatMap((id) => survey.createdAtNs.get(id) ?? []);
    for (const range of creationRanges(times, { messagesIn: density(survey, request, options.span.lastNs) })) await exportRange(range);
    // A conversation that is missing after this leaves its messages without one: the counts tell.
    if (await lacksOne()) for (const outside of timesOutside(request)) await exportRange(outside);
    if (around.slices.length === 0) throw around.firstFailure();
    return await host.spool(writeArchive(groups(), sliceKey, { signal, primitives }), { signal });
  } finally {
    await around.release();
  }
}

async function* readAll({ slices }: PartExporter, read: (blob: Blob) => AsyncIterable<ArchiveRecord>): AsyncGenerator<ArchiveRecord> {
  for (const { blob } of slices) yield* read(blob);
}

/** The conversations with messages in the range that were not created in it, or of which nobody knows; each DM of a stitched pair. */
function createdOutside({ counts, stitched, createdAtNs }: ClientSurvey, range: MessageRange): Set<string> {
  if (range.startNs === undefined && range.endNs === undefined) return new Set();
  const spokenIn = [...counts.keys(), ...[...stitched].filter(([, first]) => counts.has(first)).map(([id]) => id)];
  return new Set(
    spokenIn.filter((id) => {
      const timeNs = createdAtNs.get(id);
      return timeNs === undefined || !isWithin(timeNs, range);
    }),
  );
}

/** How many messages lie in another time, if as much was said then as in the range. */
function density({ totalMessages, firstNs }: ClientSurvey, { startNs = firstNs, endNs }: MessageRange, nowNs: bigint) {
  const lengthNs = Math.max(1, Number((endNs ?? nowNs) - startNs));
  return (range: Required<MessageRange>) => (Number(range.endNs - range.startNs) / lengthNs) * totalMessages;
}

function timesOutside({ startNs, endNs }: MessageRange): MessageRange[] {
  return [...(startNs === undefined ? [] : [{ endNs: startNs }]), ...(endNs === undefined ? [] : [{ startNs: endNs }])];
}
