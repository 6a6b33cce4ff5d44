import type { ArchiveWorkOptions } from "../read/archiveReadOptions.ts";
import { checkKey } from "../read/openArchive.ts";
import type { ArchiveMerge, ArchiveMergeFinishOptions, ArchiveMergeInput, ArchiveMergeStartOptions } from "./archiveMergeOptions.ts";
import { createArchiveMerge } from "./createArchiveMerge.ts";

/** How to merge archives. */
export type ArchiveMergeOptions = ArchiveMergeStartOptions & ArchiveMergeFinishOptions;

/**
 * Merges archives of one inbox into one: consent records, then conversations, then messages, oldest archive first.
 *
 * Each message is written once. Of a conversation or a message that several archives hold, the copy of the newest export
 * is kept, of consent the newest decision. Where that copy is a placeholder of a restored conversation, an older one says who created it
 * and who its admins are. Messages without a conversation in any of the archives are left out and reported. The result is the same in
 * whatever order the archives are given. {@link createArchiveMerge} does the same with archives that come one by one.
 *
 * Every archive is read through once before the promise settles, and again for the stream. For each message some 70 bytes stay in
 * memory.
 *
 * @throws as {@link validateArchive} does, with the `inputIndex` of the archive.
 *
 * @example
 * ```ts
 * import { mergeArchives } from "@xmtp-backup/archive";
 *
 * export const merge = async (slices: Blob[], key: Uint8Array) => {
 *   const { stream, report } = await mergeArchives(slices.map((blob) => ({ blob, key })), key);
 *   console.log(`${report.messages} messages`);
 *   return new Response(stream).blob();
 * };
 * ```
 */
export const mergeArchives = async (
  archives: readonly ArchiveMergeInput[],
  newKey: Uint8Array,
  { deletions, restoredValues, onProgress, ...options }: ArchiveMergeOptions = {},
): Promise<ArchiveMerge> => {
  checkKey(newKey);
  const merging = createArchiveMerge(options);
  const readBytes = archives.reduce((total, { blob }) => total + blob.size, 0);
  /** Reading is one half of the work, writing the other. */
  const reportFrom =
    (startBytes: number): ArchiveWorkOptions["onProgress"] =>
    ({ doneBytes }) =>
      onProgress?.({ doneBytes: startBytes + doneBytes, totalBytes: 2 * readBytes });
  let startBytes = 0;
  for (const archive of archives) {
    await merging.add(archive, { onProgress: reportFrom(startBytes) });
    startBytes += archive.blob.size;
  }
  return merging.finish(newKey, { deletions, restoredValues, onProgress: reportFrom(readBytes) });
};
