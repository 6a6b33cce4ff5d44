import type { ArchivePreview } from "../model/archiveReport.ts";
import { inspectArchive } from "./inspectArchive.ts";
import type { ShownOptions } from "../visible/decideLeftOut.ts";
import type { ArchiveReadOptions } from "../read/archiveReadOptions.ts";

/**
 * Reads an archive for a restore screen: the conversations it holds, the latest first, with names and message counts.
 * Names and other texts are written by other people; show them as text. Messages that a restore leaves out are counted in `leftOut` and
 * nowhere else.
 *
 * @throws as {@link validateArchive} does.
 *
 * @example
 * ```ts
 * import { previewArchive } from "@xmtp-backup/archive";
 *
 * export const listConversations = async (archive: Blob, key: Uint8Array) => {
 *   const { conversations } = await previewArchive(archive, key);
 *   return conversations.map(({ name, messageCount }) => `${name}: ${messageCount} messages`);
 * };
 * ```
 */
export const previewArchive = async (
  blob: Blob,
  key: Uint8Array,
  options: ArchiveReadOptions & ShownOptions = {},
): Promise<ArchivePreview> => (await inspectArchive(blob, key, options)).preview();
