import { assertRoom } from "../archives/assertRoom.ts";
import { readArchiveSize } from "../archives/archiveSizeNote.ts";
import { countEach } from "../ports/countEach.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { allElements } from "../ports/element.ts";
import type { ExportRequest, Host, HostIdentity } from "../ports/host.ts";
import { isWhole } from "../retention/rules/isWhole.ts";
import type { StageTools } from "../tasks/stageTools.ts";
import type { BackupOptions } from "./backupOptions.ts";
import { createSliceKeeper, leastKeptMessages, type SliceKeeperOptions } from "./createSliceKeeper.ts";
import { exportPace } from "./exportPace.ts";
import { exportSinceLast } from "./exportSinceLast.ts";
import { type ExportedSlices, exportSlices } from "./exportSlices.ts";
import { type BegunReuse, beginReuse } from "./beginReuse.ts";
import type { Comparison } from "./rules/comparison.ts";
import { boundsOf, isWithinRanges } from "./rules/timeRanges.ts";
import { type ClientSurvey, emptySurvey, surveyClient } from "./surveyClient.ts";

/** What one backup exports, and what the client held before. */
export type ClientExport = ExportedSlices & {
  survey: ClientSurvey;
  /** What the next backup compares the client with; absent where it can't build on this one. */
  comparison?: Comparison;
};

/**
 * Exports what a backup is to hold: where it can, only what the last whole archive of this installation lacks, and everything otherwise.
 *
 * @throws DEVICE_FULL or STORE_FULL when there is no room for the archive
 * @throws EXPORT_FAILED when the SDK fails whatever is asked of it
 */
export async function exportClient(
  dependencies: Dependencies,
  identity: HostIdentity,
  key: Uint8Array,
  options: BackupOptions,
  createdAtMs: number,
  tools: StageTools & Pick<SliceKeeperOptions, "onKeeping">,
): Promise<ClientExport> {
  const request = toRequest(options);
  const isOfAll = isWhole(request) && !request.excludeDisappearingMessages && dependencies.reuse !== false;
  // It is read while the client is asked.
  const { fresh = false, priority } = options;
  const reuse = isOfAll && !fresh ? await beginReuse(dependencies, identity, tools.signal) : undefined;
  try {
    return await exportWith(
      dependencies,
      { identity, key, request, fresh, onKeeping: tools.onKeeping, isOfAll, reuse, priority, createdAtMs },
      tools,
    );
  } catch (error) {
    await reuse?.end();
    throw error;
  }
}

type ExportWithOptions = Pick<SliceKeeperOptions, "identity" | "key" | "request" | "fresh" | "onKeeping"> & {
  /** It is of all that the client holds. */
  isOfAll: boolean;
  /** The last archive, to build on. */
  reuse: BegunReuse | undefined;
  priority: BackupOptions["priority"];
  createdAtMs: number;
};

async function exportWith(
  dependencies: Dependencies,
  { identity, key, request, fresh, onKeeping, isOfAll, reuse, priority, createdAtMs }: ExportWithOptions,
  tools: StageTools,
): Promise<ClientExport> {
  const { host, store, journal, clock } = dependencies;
  const { signal } = tools;
  const pace = exportPace(dependencies, priority);
  let revisions: ReadonlyMap<string, number> | undefined;
  // Before the export, so that the next backup sees a later change.
  const askRevisions = async (ids: readonly string[]) => {
    if (isOfAll) revisions = await revisionsOf(host, ids, signal);
  };
  const survey = request.elements.includes("messages") ? await surveyClient(host, request, signal, askRevisions) : emptySurvey;
  await assertRoom(host, store, survey.totalMessages, await readArchiveSize(journal, tools), tools);
  const exportAfresh = async () => {
    const keeper = await createSliceKeeper(dependencies, { identity, key, request, survey, revisions, fresh, onKeeping, signal });
    return exportSlices(host, { request, survey, nowMs: clock.now(), pace, keeper }, tools);
  };
  if (!isOfAll) {
    const isKept = survey.totalMessages >= leastKeptMessages;
    if (isKept) revisions = await revisionsOf(host, survey.ids, signal);
    return { ...(await exportAfresh()), survey };
  }
  const since = reuse && revisions && (await exportSinceLast(host, reuse, { request, survey, revisions, nowMs: clock.now(), pace }, tools));
  if (reuse && revisions && since) {
    const { freshAtMs = createdAtMs, deletedMessages = [] } = reuse.last.entry.details;
    const { sentIn, butOf } = since.reused.except;
    const isKept = (id: string, timeNs: bigint) => butOf?.has(id) || !isWithinRanges(timeNs, sentIn);
    const kept = deletedMessages.map(({ id, sentNs }) => [id, sentNs.filter((timeNs) => isKept(id, timeNs))] as const);
    return { ...since, survey, comparison: { revisions: since.revisions, freshAtMs, deletedMessages: new Map(kept) } };
  }
  await reuse?.end();
  const exported = await exportAfresh();
  const freshAtMs = Math.min(createdAtMs, exported.oldestAtMs ?? createdAtMs);
  return { ...exported, survey, ...(revisions && { comparison: { revisions, freshAtMs, deletedMessages: new Map() } }) };
}

/** Undefined where the host can't count those of one conversation. */
async function revisionsOf(host: Host, ids: readonly string[], signal: AbortSignal): Promise<Map<string, number> | undefined> {
  if (!host.revisionOf) return undefined;
  let isKnown = true;
  const counts = await countEach(
    host,
    ids,
    {},
    {
      signal,
      count: (id) => host.revisionOf?.(id, { signal }) ?? Promise.resolve(0),
      onFailed: () => (isKnown = false),
    },
  );
  return isKnown ? counts : undefined;
}

function toRequest({ elements = allElements, startNs, endNs, excludeDisappearingMessages }: BackupOptions): ExportRequest {
  return {
    elements,
    ...boundsOf({ startNs, endNs }),
    ...(excludeDisappearingMessages !== undefined && { excludeDisappearingMessages }),
  };
}
