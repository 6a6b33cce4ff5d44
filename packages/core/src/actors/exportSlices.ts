import { validateArchive } from "@xmtp-backup/archive";
import { determinate } from "../model/progress.ts";
import type { ExportRequest, Host, MessageRange, TemporaryArchive } from "../ports/host.ts";
import { generateArchiveKey } from "./archiveKey.ts";
import { countEach } from "./countEach.ts";
import type { StageTools } from "./dependencies.ts";
import { exportGroups } from "./exportGroups.ts";
import { planSlices } from "./planSlices.ts";
import type { ClientSurvey } from "./surveyClient.ts";

export type ExportedSlices = {
  slices: TemporaryArchive[];
  /** The key of the slices, made for them alone. */
  sliceKey: Uint8Array;
  release(): Promise<void>;
};

/** The fullest conversations stand for all when slices are planned: asking each of thousands would cost more than it saves. */
const sampledConversations = 32;
const dayNs = 86_400_000_000_000n;

/**
 * Exports what the client holds in time slices, as many side by side as the host allows.
 *
 * Without slices (`features.timeSlices`) it is one export, whose progress nobody knows.
 */
export async function exportSlices(
  host: Host,
  request: ExportRequest,
  survey: ClientSurvey,
  nowMs: number,
  { signal, report }: StageTools,
): Promise<ExportedSlices> {
  const sliceKey = generateArchiveKey();
  const slices: TemporaryArchive[] = [];
  const release = async () => {
    for (const slice of slices) await slice.release();
  };
  const ranges = await rangesOf(host, request, survey, nowMs, signal);
  const queue = [...ranges.entries()];
  let doneMessages = 0;

  async function work(): Promise<void> {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, range] = next;
      signal.throwIfAborted();
      const slice = await host.exportArchive(sliceRequest(request, range, index), sliceKey, { signal });
      slices.push(slice);
      if (!host.features.timeSlices) continue;
      const { counts } = await validateArchive(slice.blob, sliceKey, { signal, primitives: host.primitives });
      doneMessages += counts.messages;
      report(determinate(doneMessages, Math.max(survey.totalMessages, doneMessages), "messages"));
    }
  }

  const workers = await Promise.allSettled(Array.from({ length: Math.max(1, host.features.parallelExports) }, work));
  try {
    const failure = workers.find((worker) => worker.status === "rejected");
    if (failure) throw failure.reason;
    for (const outside of survey.counts.size > 0 ? timesOutside(request) : []) {
      slices.push(await exportGroups(host, request, outside, spokenIn(survey), sliceKey, signal));
    }
    return { slices, sliceKey, release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** The conversations with messages in the range, each DM of a stitched pair. */
function spokenIn({ counts, stitched }: ClientSurvey): Set<string> {
  return new Set([...counts.keys(), ...[...stitched].filter(([, first]) => counts.has(first)).map(([id]) => id)]);
}

function timesOutside({ startNs, endNs }: MessageRange): MessageRange[] {
  return [...(startNs === undefined ? [] : [{ endNs: startNs }]), ...(endNs === undefined ? [] : [{ startNs: endNs }])];
}

/** Consent has no time range: every slice would hold all of it, so the first one alone does. */
function sliceRequest(request: ExportRequest, range: MessageRange, index: number): ExportRequest {
  const { startNs: _start, endNs: _end, elements, ...rest } = request;
  return { ...rest, ...range, elements: index === 0 ? elements : elements.filter((element) => element !== "consent") };
}

async function rangesOf(
  host: Host,
  { startNs, endNs }: ExportRequest,
  { counts, totalMessages, firstNs }: ClientSurvey,
  nowMs: number,
  signal: AbortSignal,
): Promise<MessageRange[]> {
  const whole = { ...(startNs !== undefined && { startNs }), ...(endNs !== undefined && { endNs }) };
  if (!host.features.timeSlices || totalMessages === 0) return [whole];
  const fullest = [...counts].sort(([, a], [, b]) => b - a).slice(0, sampledConversations);
  const sampled = fullest.reduce((sum, [, messages]) => sum + messages, 0);
  const count = async (range: MessageRange) => {
    let found = 0;
    await countEach(host, fullest.map(([id]) => id), range, { signal, onCount: (messages) => (found += messages) });
    return Math.round((found * totalMessages) / sampled);
  };
  const span = { firstNs: startNs ?? (await reachBack(firstNs, count)), lastNs: BigInt(nowMs) * 1_000_000n };
  return (await planSlices(whole, span, count)).ranges;
}

/** When the messages begin: those of a restored conversation are older than it, since it counts as created when it was restored. */
async function reachBack(createdAtNs: bigint, count: (range: MessageRange) => Promise<number>): Promise<bigint> {
  let firstNs = createdAtNs;
  for (let stepNs = dayNs; firstNs > 0n && (await count({ endNs: firstNs })) > 0; stepNs *= 2n) {
    firstNs = firstNs > stepNs ? firstNs - stepNs : 0n;
  }
  return firstNs;
}
