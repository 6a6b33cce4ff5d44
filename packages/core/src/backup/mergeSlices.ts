import type { ArchiveMergeFinishOptions } from "@xmtp-backup/archive";
import type { TemporaryArchive } from "../ports/host.ts";
import { determinate } from "../tasks/progress.ts";
import type { StageTools } from "../tasks/stageTools.ts";
import type { ExportedSlices } from "./exportSlices.ts";
import type { SentTimes } from "./rules/sentTimes.ts";

/**
 * - `deletions`: those of archives that were restored before
 * - `restoredValues`: what archives said of conversations that are still inactive
 */
export type MergeSlicesOptions = StageTools & Required<Pick<ArchiveMergeFinishOptions, "deletions" | "restoredValues">>;

/** The archive as it is written, and the messages of each conversation that it leaves out because somebody deleted them. */
export type MergedSlices = { stream: ReadableStream<Uint8Array>; deleted: SentTimes };

/** Merges the slices of one backup, and the archive that they go on from, into one under the archive key, which every SDK can import. */
export async function mergeSlices(
  { slices, merge, reused }: Pick<ExportedSlices, "slices" | "merge" | "reused">,
  key: Uint8Array,
  { signal, report, ...options }: MergeSlicesOptions,
): Promise<MergedSlices> {
  // The others were read when they were exported.
  const unread = slices.filter((slice) => !merge.has(slice));
  const last = reused && !reused.isRead ? reused : undefined;
  const writtenBytes = sizeOf(slices) + (reused?.blob.size ?? 0);
  const totalBytes = sizeOf(unread) + (last?.blob.size ?? 0) + writtenBytes;
  let startBytes = 0;
  const progress = {
    signal,
    onProgress: (done: { doneBytes: number }) => report(determinate(startBytes + done.doneBytes, totalBytes, "bytes")),
  };
  for (const slice of unread) {
    await merge.addSlice(slice, progress);
    startBytes += slice.blob.size;
  }
  if (last) {
    await merge.add({ ...last, expectedSha256: last.sha256 }, progress);
    startBytes += last.blob.size;
  }
  const { stream, report: merged } = await merge.finish(key, { ...options, ...progress });
  return { stream, deleted: new Map(merged.deleted.map(({ id, sentNs }) => [id, sentNs])) };
}

function sizeOf(slices: readonly TemporaryArchive[]): number {
  return slices.reduce((total, { blob }) => total + blob.size, 0);
}
