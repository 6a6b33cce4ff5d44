import { determinate } from "../tasks/progress.ts";
import type { ExportRequest, Host, MessageRange, TemporaryArchive } from "../ports/host.ts";
import { generateArchiveKey } from "../archives/archiveKey.ts";
import { countEach } from "../ports/countEach.ts";
import type { StageTools } from "../tasks/stageTools.ts";
import type { ReusedArchive } from "./reusedArchive.ts";
import { countBySample } from "./countBySample.ts";
import { exportAll } from "./exportAll.ts";
import { exportGroups } from "./exportGroups.ts";
import type { ExportPace } from "./exportPace.ts";
import { createSliceMerge, type SliceMerge } from "./createSliceMerge.ts";
import type { SliceKeeper } from "./createSliceKeeper.ts";
import { createPartExporter, type ExportShortfall } from "./createPartExporter.ts";
import type { Span } from "./rules/halveRange.ts";
import { planSlices } from "./rules/planSlices.ts";
import { requestsOf } from "./rules/requestsOf.ts";
import { boundsOf } from "./rules/timeRanges.ts";
import type { ClientSurvey } from "./surveyClient.ts";

export type ExportedSlices = {
  slices: TemporaryArchive[];
  /** Their merge, as far as it is planned: a slice that it does not have yet is added before it is finished. */
  merge: SliceMerge;
  /** The key of the slices, made for them alone. */
  sliceKey: Uint8Array;
  /** What the SDK could not export. */
  shortfall: ExportShortfall;
  /** The last archive, where they hold only what it lacks. */
  reused?: ReusedArchive;
  /** When the oldest slice was exported, where some are of an earlier backup. */
  oldestAtMs?: number;
  release(): Promise<void>;
};

/** What is exported, of which client, and how. */
export type ExportSlicesOptions = {
  request: ExportRequest;
  survey: ClientSurvey;
  nowMs: number;
  pace: ExportPace;
  /** Has slices of an earlier backup, and keeps those of this one. @default no slice is kept */
  keeper?: SliceKeeper | undefined;
};

const dayNs = 86_400_000_000_000n;

/**
 * Exports what the client holds in time slices, as many side by side as the pace allows. A slice that fails is narrowed down, so that
 * what can be exported is.
 *
 * Without slices (`features.timeSlices`) it is one export, whose progress nobody knows.
 *
 * @throws EXPORT_FAILED when the SDK fails whatever is asked of it, or exports no message at all
 */
export async function exportSlices(host: Host, options: ExportSlicesOptions, tools: StageTools): Promise<ExportedSlices> {
  const sliceKey = options.keeper?.sliceKey ?? generateArchiveKey();
  try {
    return await exportUnder(host, sliceKey, options, tools);
  } catch (error) {
    sliceKey.fill(0);
    throw error;
  }
}

async function exportUnder(
  host: Host,
  sliceKey: Uint8Array,
  options: ExportSlicesOptions,
  { signal, report }: StageTools,
): Promise<ExportedSlices> {
  const { request, survey, nowMs, pace, keeper } = options;
  const taken = keeper?.taken ?? [];
  const span: Span = { firstNs: survey.firstNs, lastNs: BigInt(nowMs) * 1_000_000n };
  const { ranges, firstNs } = await rangesOf(host, options, span, signal);
  keeper?.plan(ranges);
  let doneMessages = taken.reduce((sum, { messages }) => sum + messages, 0);
  const merge = createSliceMerge(host, sliceKey);
  const exporter = createPartExporter(host, {
    sliceKey,
    span: { ...span, firstNs },
    signal,
    merge,
    count: (range) => countAll(host, survey, range, signal),
    onSlice(messages) {
      doneMessages += messages;
      reportDone();
    },
    keeper,
  });
  exporter.slices.push(...taken.map(({ archive }) => archive));
  const reportDone = () => report(determinate(doneMessages, Math.max(survey.totalMessages, doneMessages), "messages"));
  if (host.features.timeSlices && survey.totalMessages > 0) reportDone();

  try {
    const takenAt = new Set(taken.map(({ noted }) => noted.index));
    const missing = ranges.filter((_range, index) => !takenAt.has(index));
    await exportAll(requestsOf(request, missing, keeper ? "apart" : "first"), pace, exporter.exportPart, { signal });
    const { slices, shortfall, release } = exporter;
    const isNothing = slices.length === 0 || (shortfall.ranges.length > 0 && doneMessages === 0 && survey.totalMessages > 0);
    if (isNothing) throw exporter.firstFailure();
    const groups = await exportGroups(host, request, survey, { sliceKey, span: { ...span, firstNs: 0n }, signal });
    if (groups) slices.push(groups);
    const forget = () => {
      sliceKey.fill(0);
      return release();
    };
    const oldestAtMs = taken.length > 0 && { oldestAtMs: Math.min(...taken.map(({ noted }) => noted.exportedAtMs)) };
    return { slices, merge, sliceKey, shortfall, ...oldestAtMs, release: forget };
  } catch (error) {
    await exporter.release();
    throw error;
  }
}

/** The messages of all conversations in a range; undefined where one of them can't be counted. */
async function countAll(host: Host, { counts }: ClientSurvey, range: MessageRange, signal: AbortSignal): Promise<number | undefined> {
  let messages: number | undefined = 0;
  await countEach(host, [...counts.keys()], range, {
    signal,
    onCount: (count) => (messages = messages === undefined ? undefined : messages + count),
    onFailed: () => (messages = undefined),
  });
  return messages;
}

async function rangesOf(
  host: Host,
  { request, survey: { counts, totalMessages }, pace: { atOnce }, keeper }: ExportSlicesOptions,
  span: Span,
  signal: AbortSignal,
): Promise<{ ranges: readonly MessageRange[]; firstNs: bigint }> {
  const whole = boundsOf(request);
  if (!host.features.timeSlices || totalMessages === 0) return { ranges: [whole], firstNs: span.firstNs };
  const count = countBySample(host, counts, signal);
  const firstNs = request.startNs ?? (await reachBack(span.firstNs, count));
  return { ranges: keeper?.ranges ?? (await planSlices(whole, { ...span, firstNs }, count, { atOnce })), firstNs };
}

/** When the messages begin: those of a restored conversation are older than it, since it counts as created when it was restored. */
async function reachBack(createdAtNs: bigint, count: (range: MessageRange) => Promise<number>): Promise<bigint> {
  let firstNs = createdAtNs;
  for (let stepNs = dayNs; firstNs > 0n && (await count({ endNs: firstNs })) > 0; stepNs *= 2n) {
    firstNs = firstNs > stepNs ? firstNs - stepNs : 0n;
  }
  return firstNs;
}
