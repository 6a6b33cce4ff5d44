import { ArchiveError, validateArchive } from "@xmtp-backup/archive";
import { isBackupError } from "../errors/backupError.ts";
import type { BegunReuse } from "./beginReuse.ts";
import type { Host, MessageRange, TemporaryArchive } from "../ports/host.ts";
import { determinate } from "../tasks/progress.ts";
import type { StageTools } from "../tasks/stageTools.ts";
import { createPartExporter } from "./createPartExporter.ts";
import { createSliceMerge } from "./createSliceMerge.ts";
import { countBySample } from "./countBySample.ts";
import { exportAll } from "./exportAll.ts";
import type { ExportedSlices, ExportSlicesOptions } from "./exportSlices.ts";
import type { ReusedArchive } from "./reusedArchive.ts";
import { findKnownRecords } from "./findKnownRecords.ts";
import { findStale, type LatestPart } from "./findStale.ts";
import { atMostRanges, uniteRanges, withoutRanges } from "./rules/timeRanges.ts";
import { messagesPerSlice, planSlices } from "./rules/planSlices.ts";
import { requestsOf } from "./rules/requestsOf.ts";
import type { ClientSurvey } from "./surveyClient.ts";

/** How many exports bring what is stale: each reads the client's whole table once. */
const mostRanges = 24;

/** What is exported, of which client, and how. */
export type ExportSinceLastOptions = Omit<ExportSlicesOptions, "keeper"> & {
  /** That of each conversation, before the export. */
  revisions: ReadonlyMap<string, number>;
};

export type ExportedSinceLast = ExportedSlices & {
  reused: ReusedArchive;
  /** The revisions of the conversations whose records the next archive holds as they are. */
  revisions: ReadonlyMap<string, number>;
};

/**
 * Exports what the client holds beyond its last whole archive: what came since, and each time of which the client holds something else
 * than the archive. Together they are what an export of everything would be.
 *
 * Undefined where everything has to be exported.
 */
export async function exportSinceLast(
  host: Host,
  { last, sliceKey, merge, reused, isSound, end }: BegunReuse,
  { request, survey, revisions, nowMs, pace }: ExportSinceLastOptions,
  { signal, report }: StageTools,
): Promise<ExportedSinceLast | undefined> {
  const { details } = last.entry;
  const endNs = details.cutNs as bigint;
  const nowNs = BigInt(nowMs) * 1_000_000n;
  let doneMessages = 0;
  const exporter = createPartExporter(host, {
    sliceKey,
    merge,
    span: { firstNs: 0n, lastNs: nowNs > endNs ? nowNs : endNs + 1n },
    signal,
    onSlice(messages) {
      doneMessages += messages;
      report(determinate(doneMessages, Math.max(survey.totalMessages - details.counts.messages, doneMessages), "messages"));
    },
  });
  const release = async () => {
    await end();
    await exporter.release();
  };
  try {
    const since = await rangesSince(host, endNs, nowNs, survey, details.counts.messages, signal);
    const known = await findKnownRecords(host, details, survey, revisions, signal);
    const latest = known ? withoutRanges(since, [known]) : since;
    await exportAll(requestsOf(request, latest, "first"), pace, exporter.exportPart, { signal });
    const { slices, shortfall } = exporter;
    const newest = await latestPart(host, slices, sliceKey, signal);
    const stale = (await isSound) ? await findStale(host, last, survey, revisions, newest, signal) : undefined;
    if (!stale) {
      await release();
      return undefined;
    }
    // What came since is exported already.
    const exported = withoutRanges([{ startNs: endNs }], known ? [widened(known)] : []);
    const early = withoutRanges(atMostRanges(uniteRanges(stale.ranges), mostRanges), exported);
    const parts = { slices, sliceKey, shortfall, release };
    const isAllRead = early.length === 0 && shortfall.ranges.length === 0 && !shortfall.lacksConsent && survey.broken.length === 0;
    if (isAllRead) return { ...parts, merge, reused, revisions };
    await exportAll(requestsOf(request, early, "none"), pace, exporter.exportPart, { signal });
    // Where the SDK fails, what the last archive holds is better than nothing.
    const sentIn = withoutRanges([...early, { startNs: endNs }], shortfall.ranges);
    // No export brings the messages of a conversation that the client can't read.
    const butOf = new Set(survey.broken.flatMap(({ id }) => id ?? []));
    // A record that did not come has to be tried again.
    const { recordIds } = await latestPart(host, slices, sliceKey, signal);
    const brought = new Map([...revisions].filter(([id]) => !stale.recordIds.has(id) || recordIds.has(id)));
    // The archive was read for another merge.
    const other = createSliceMerge(host, sliceKey);
    const except = { consent: !shortfall.lacksConsent, sentIn, butOf };
    return { ...parts, merge: other, reused: { ...reused, except, isRead: false }, revisions: brought };
  } catch (error) {
    await release();
    signal.throwIfAborted();
    // An export that fails here fails there too. What can't be read or compared is exported.
    if (ArchiveError.is(error) || (isBackupError(error) && error.code === "HOST_FAILED")) return undefined;
    throw error;
  }
}

/** The time since the last archive; in slices where much has come. */
async function rangesSince(
  host: Host,
  endNs: bigint,
  nowNs: bigint,
  { counts, totalMessages }: ClientSurvey,
  heldMessages: number,
  signal: AbortSignal,
): Promise<MessageRange[]> {
  const since = { startNs: endNs };
  if (totalMessages - heldMessages <= messagesPerSlice || nowNs <= endNs) return [since];
  return planSlices(since, { firstNs: endNs, lastNs: nowNs }, countBySample(host, counts, signal));
}

/** So that a conversation that was created at one of its ends is exported with what is around it. */
function widened({ startNs, endNs }: Required<MessageRange>): MessageRange {
  return { startNs: startNs - 2n, endNs: endNs + 2n };
}

async function latestPart(
  { primitives }: Host,
  slices: readonly TemporaryArchive[],
  sliceKey: Uint8Array,
  signal: AbortSignal,
): Promise<LatestPart> {
  const messages = new Map<string, number>();
  const recordIds = new Set<string>();
  for (const { blob } of slices) {
    const { conversations, orphans } = await validateArchive(blob, sliceKey, { signal, primitives });
    for (const { id } of conversations) recordIds.add(id);
    for (const { id, messageCount } of [...conversations, ...orphans])
      if (messageCount > 0) messages.set(id, (messages.get(id) ?? 0) + messageCount);
  }
  return { messages, recordIds };
}
