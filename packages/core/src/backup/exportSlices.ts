import { determinate } from "../tasks/progress.ts";
import type { ExportRequest, Host, MessageRange, TemporaryArchive } from "../ports/host.ts";
import { generateArchiveKey } from "../archives/archiveKey.ts";
import { countEach } from "../ports/countEach.ts";
import type { StageTools } from "../tasks/stageTools.ts";
import type { ReusedArchive } from "./reusedArchive.ts";
import { exportAll } from "./exportAll.ts";
import { exportGroups } from "./exportGroups.ts";
import type { ExportPace } from "./exportPace.ts";
import { createSliceMerge, type SliceMerge } from "./createSliceMerge.ts";
import type { SliceKeeper } from "./createSliceKeeper.ts";
import { createPartExporter, type ExportShortfall } from "./createPartExporter.ts";
import type { Span } from "./rules/halveRange.ts";
import { planSlices } from "./rules/planSlices.ts";
import { sampleConversations } from "./rules/sampleConversations.ts";
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
  /** The host keeps slices of it. */
  isKept?: boolean;
  /** When the oldest slice was exported, where some are of an earlier backup. */
  oldestAtMs?: number;
  release(): Promise<void>;
};

const dayNs = 86_400_000_000_000n;

/**
 * Exports what the client holds in time slices, as many side by side as the pace allows. A slice that fails is narrowed down, so that
 * what can be exported is.
 *
 * Without slices (`features.timeSlices`) it is one export, whose progress nobody knows.
 *
 * @param keeper - has slices of an earlier backup, and keeps those of this one
 * @throws EXPORT_FAILED when the SDK fails whatever is asked of it, or exports no message at all
 */
export async function exportSlices(
  host: Host,
  request: ExportRequest,
  survey: ClientSurvey,
  nowMs: number,
  pace: ExportPace,
  { signal, report }: StageTools,
  keeper?: SliceKeeper,
): Promise<ExportedSlices> {
  const sliceKey = keeper?.sliceKey ?? generateArchiveKey();
  const taken = keeper?.taken ?? [];
  const span: Span = { firstNs: survey.firstNs, lastNs: BigInt(nowMs) * 1_000_000n };
  const { ranges, firstNs } = await rangesOf(host, request, survey, span, pace, signal, keeper?.ranges);
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
    const takenAt = new Set(taken.map(({ index }) => index));
    const missing = ranges.filter((_range, index) => !takenAt.has(index));
    await exportAll(requestsOf(request, missing, keeper !== undefined), pace, exporter.exportPart, { signal });
    const { slices, shortfall, release } = exporter;
    const isNothing = slices.length === 0 || (shortfall.ranges.length > 0 && doneMessages === 0 && survey.totalMessages > 0);
    if (isNothing) throw exporter.firstFailure();
    const groups = await exportGroups(host, request, survey, { sliceKey, span: { ...span, firstNs: 0n }, signal });
    if (groups) slices.push(groups);
    const forget = () => {
      sliceKey.fill(0);
      return release();
    };
    const oldestAtMs = taken.length > 0 && { oldestAtMs: Math.min(...taken.map(({ exportedAtMs }) => exportedAtMs)) };
    return { slices, merge, sliceKey, shortfall, isKept: keeper !== undefined, ...oldestAtMs, release: forget };
  } catch (error) {
    sliceKey.fill(0);
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

/**
 * Consent has no time range: every slice would hold all of it, so the first one alone does. Where slices are kept, it is exported apart: it
 * changes at any time.
 */
function requestsOf(request: ExportRequest, ranges: readonly MessageRange[], isKept: boolean): ExportRequest[] {
  const { startNs: _start, endNs: _end, elements, ...rest } = request;
  const withoutConsent = elements.filter((element) => element !== "consent");
  const consentApart: ExportRequest[] = isKept && elements.includes("consent") ? [{ ...rest, elements: ["consent"] }] : [];
  const slices = ranges.map((range, index) => ({ ...rest, ...range, elements: index === 0 && !isKept ? elements : withoutConsent }));
  return [...consentApart, ...slices];
}

async function rangesOf(
  host: Host,
  { startNs, endNs }: ExportRequest,
  { counts, totalMessages }: ClientSurvey,
  span: Span,
  { atOnce }: ExportPace,
  signal: AbortSignal,
  planned: MessageRange[] | undefined,
): Promise<{ ranges: MessageRange[]; firstNs: bigint }> {
  const whole = { ...(startNs !== undefined && { startNs }), ...(endNs !== undefined && { endNs }) };
  if (!host.features.timeSlices || totalMessages === 0) return { ranges: [whole], firstNs: span.firstNs };
  const sample = sampleConversations(counts);
  const weights = new Map(sample.map(({ id, weight }) => [id, weight]));
  const count = async (range: MessageRange) => {
    const found = await countEach(host, [...weights.keys()], range, { signal });
    return Math.round([...found].reduce((sum, [id, messages]) => sum + messages * (weights.get(id) ?? 1), 0));
  };
  const firstNs = startNs ?? (await reachBack(span.firstNs, count));
  if (planned) return { ranges: planned, firstNs };
  return { ...(await planSlices(whole, { ...span, firstNs }, count, { atOnce })), firstNs };
}

/** When the messages begin: those of a restored conversation are older than it, since it counts as created when it was restored. */
async function reachBack(createdAtNs: bigint, count: (range: MessageRange) => Promise<number>): Promise<bigint> {
  let firstNs = createdAtNs;
  for (let stepNs = dayNs; firstNs > 0n && (await count({ endNs: firstNs })) > 0; stepNs *= 2n) {
    firstNs = firstNs > stepNs ? firstNs - stepNs : 0n;
  }
  return firstNs;
}
