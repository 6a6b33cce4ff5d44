import { validateArchive } from "@xmtp-backup/archive";
import type { LackingRange } from "../archives/archiveEntry.ts";
import type { ExportRequest, Host, MessageRange, TemporaryArchive } from "../ports/host.ts";
import type { SliceKeeper } from "./createSliceKeeper.ts";
import { unsentIn } from "./rules/isLastingSlice.ts";
import type { CheckedSlice, SliceMerge } from "./createSliceMerge.ts";
import { halveRange, isPoint, type Span } from "./rules/halveRange.ts";
import { isWorthNarrowing } from "./rules/isWorthNarrowing.ts";
import { boundsOf, withoutRange } from "./rules/timeRanges.ts";

/** What could not be exported. */
export type ExportShortfall = { ranges: LackingRange[]; lacksConsent: boolean };

export type PartExporter = {
  /** Adds to `slices` what the request names. A part that the SDK can't export is narrowed down, and added to `shortfall`. */
  exportPart(request: ExportRequest): Promise<void>;
  slices: TemporaryArchive[];
  shortfall: ExportShortfall;
  /** The first failure, if something could not be exported. */
  firstFailure(): unknown;
  release(): Promise<void>;
};

export type PartExporterOptions = {
  sliceKey: Uint8Array;
  /** A range that is open is halved within this time. */
  span: Span;
  /** How many messages lie in a range; undefined where nobody knows. @default nobody knows */
  count?(range: MessageRange): Promise<number | undefined>;
  signal: AbortSignal;
  /** Takes each slice that was exported. @default slices are checked, and not merged */
  merge?: SliceMerge;
  /** Called with the messages of each slice that was exported. */
  onSlice?(messages: number): void;
  /** Keeps slices for a backup that comes after a kill. @default none is kept */
  keeper?: Pick<SliceKeeper, "copy" | "note"> | undefined;
};

/** How many exports a backup may try to narrow down what fails; each costs a few milliseconds. */
const mostAttempts = 400;
/** The end of the SDK's time (docs/sdk-facts.md#latest-time): an export of what is sent later holds nothing. */
const latestNs = 2n ** 63n - 2n;

/**
 * Exports parts of what the client holds. The backup goes on when the SDK can't export one message or conversation. A part that fails is
 * halved until the failing one is alone, and that one is named as missing.
 */
export function createPartExporter(
  host: Host,
  { sliceKey, span, count = async () => undefined, signal, merge, onSlice, keeper }: PartExporterOptions,
): PartExporter {
  const slices: TemporaryArchive[] = [];
  const shortfall: ExportShortfall = { ranges: [], lacksConsent: false };
  const failures: unknown[] = [];
  let attempts = 0;
  let probe: Promise<boolean> | undefined;

  async function checkSlice(slice: TemporaryArchive): Promise<CheckedSlice> {
    if (merge) return merge.addSlice(slice, { signal, withSha256: keeper !== undefined });
    const report = await validateArchive(slice.blob, sliceKey, { signal, primitives: host.primitives });
    return { messages: report.counts.messages, unsent: unsentIn(report), sha256: report.sha256 };
  }

  /** Exports the request as it is; answers with the error that tells against it. */
  async function attempt(request: ExportRequest): Promise<{ error: unknown } | undefined> {
    signal.throwIfAborted();
    attempts += 1;
    let slice: TemporaryArchive | undefined;
    try {
      slice = await host.exportArchive(request, sliceKey, { signal });
      if (keeper) slice = await keeper.copy(slice, request);
      if (host.features.timeSlices) {
        const checked = await checkSlice(slice);
        await keeper?.note(slice, checked);
        onSlice?.(checked.messages);
      }
      slices.push(slice);
      return undefined;
    } catch (error) {
      await slice?.release();
      signal.throwIfAborted();
      if (!host.features.timeSlices || !isWorthNarrowing(error)) throw error;
      failures.push(error);
      return { error };
    }
  }

  /** Whether an export of nothing works: if it does not, no part is at fault. */
  function canExportNothing(): Promise<boolean> {
    return (probe ??= host.exportArchive({ elements: ["messages"], startNs: latestNs }, sliceKey, { signal }).then(
      async ({ release }) => {
        await release();
        return true;
      },
      () => false,
    ));
  }

  async function exportPart(request: ExportRequest): Promise<void> {
    const failed = await attempt(request);
    if (!failed) return;
    if (!(await canExportNothing())) {
      signal.throwIfAborted();
      throw failed.error;
    }
    const { elements } = request;
    if (!elements.includes("messages")) return exportConsent(request);
    if (elements.length > 1) {
      await exportConsent({ ...withoutRange(request), elements: elements.filter((element) => element !== "messages") });
      return exportPart({ ...request, elements: ["messages"] });
    }
    return narrow(request);
  }

  async function exportConsent(request: ExportRequest): Promise<void> {
    if ((await attempt(request)) && (await attempt(request))) shortfall.lacksConsent = true;
  }

  async function narrow(request: ExportRequest): Promise<void> {
    const range = boundsOf(request);
    const halves = attempts < mostAttempts && !(await isAlone(range)) ? halveRange(range, span) : undefined;
    if (halves) {
      for (const half of halves) await exportPart({ ...withoutRange(request), ...half });
      return;
    }
    // Once more: what failed for a moment only is not missing.
    if (!(await attempt(request))) return;
    const messages = await count(range);
    shortfall.ranges.push({ ...range, ...(messages !== undefined && { messages }) });
  }

  async function isAlone(range: MessageRange): Promise<boolean> {
    return isPoint(range) && ((await count(range)) ?? 2) <= 1;
  }

  return {
    exportPart,
    slices,
    shortfall,
    firstFailure: () => failures[0],
    async release() {
      for (const slice of slices) await slice.release();
    },
  };
}
