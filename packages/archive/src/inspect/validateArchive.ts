import type { ArchiveReport } from "../model/archiveReport.ts";
import { ArchiveSurvey } from "../survey/archiveSurvey.ts";
import { surveyArchive } from "../survey/surveyArchive.ts";
import type { ArchiveReadOptions } from "../read/archiveReadOptions.ts";

/**
 * Reads every record of an archive and tells what it holds; an archive that is not sound is refused with one error.
 *
 * @throws ARCHIVE_INVALID_KEY when the key is not 32 bytes.
 * @throws ARCHIVE_NOT_AN_ARCHIVE when the file is something else.
 * @throws ARCHIVE_UNSUPPORTED_VERSION when the archive is of another format version.
 * @throws ARCHIVE_WRONG_KEY when the archive has the expected hash and the key does not open it.
 * @throws ARCHIVE_KEY_OR_DAMAGE when the first record does not open and nothing tells why.
 * @throws ARCHIVE_DAMAGED when anything else is not as it was written.
 * @throws ARCHIVE_TRUNCATED when the end is missing.
 * @throws ARCHIVE_HASH_MISMATCH when it does not have the expected hash; nothing of it is decoded then.
 *
 * @example
 * ```ts
 * import { openAsBlob } from "node:fs";
 * import { validateArchive } from "@xmtp-backup/archive";
 *
 * export const countMessages = async (path: string, key: Uint8Array) => {
 *   const report = await validateArchive(await openAsBlob(path), key);
 *   return report.importable.messages;
 * };
 * ```
 */
export const validateArchive = (blob: Blob, key: Uint8Array, options: ArchiveReadOptions = {}): Promise<ArchiveReport> =>
  surveyArchive(blob, key, options, new ArchiveSurvey());
