import { type ArchiveMergeInput, type ArchiveDeletion, type ArchivePrimitives, mergeArchives } from "@xmtp-backup/archive";
import { determinate } from "../tasks/progress.ts";
import type { StageTools } from "../tasks/stageTools.ts";
import type { ExportedSlices } from "./exportSlices.ts";

export type MergeSlicesOptions = StageTools & {
  primitives?: ArchivePrimitives | undefined;
  /** Deletions of archives that were restored before. */
  deletions: readonly ArchiveDeletion[];
  /** What archives said of conversations that are still inactive. */
  restoredValues: NonNullable<NonNullable<Parameters<typeof mergeArchives>[2]>["restoredValues"]>;
};

/** When messages of each conversation were sent, in nanoseconds since 1970. */
export type SentTimes = ReadonlyMap<string, readonly bigint[]>;

/** The archive as it is written, and the messages of each conversation that it leaves out because somebody deleted them. */
export type MergedSlices = { stream: ReadableStream<Uint8Array>; deleted: SentTimes };

/** Merges the slices of one backup, and the archive that they go on from, into one under the archive key, which every SDK can import. */
export async function mergeSlices(
  { slices, sliceKey, reused }: Pick<ExportedSlices, "slices" | "sliceKey" | "reused">,
  key: Uint8Array,
  { signal, report, ...options }: MergeSlicesOptions,
): Promise<MergedSlices> {
  const archives: ArchiveMergeInput[] = slices.map(({ blob }) => ({ blob, key: sliceKey }));
  if (reused) archives.push({ ...reused, expectedSha256: reused.sha256 });
  const { stream, report: merged } = await mergeArchives(archives, key, {
    ...options,
    signal,
    leaveOutDeleted: true,
    // An archive lacks them and says so, rather than be one that another SDK refuses as a whole.
    leaveOutRefused: true,
    onProgress: ({ doneBytes, totalBytes }) => report(determinate(doneBytes, totalBytes, "bytes")),
  });
  return { stream, deleted: new Map(merged.deleted.map(({ id, sentNs }) => [id, sentNs])) };
}
