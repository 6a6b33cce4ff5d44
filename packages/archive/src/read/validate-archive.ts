import { ArchiveError } from "../errors.ts";
import type { ArchiveReport } from "../model/report.ts";
import { toHex } from "../protobuf/hex.ts";
import { ArchiveSurvey } from "../survey/archive-survey.ts";
import { surveyReport } from "../survey/report.ts";
import { startHash } from "./chunks.ts";
import { missingMetadata } from "./missing-metadata.ts";
import { ARCHIVE_VERSION, openArchive } from "./open-archive.ts";
import type { ArchiveReadOptions } from "./options.ts";

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
 * @throws ARCHIVE_HASH_MISMATCH when it is sound and does not have the expected hash.
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
export const validateArchive = async (
  blob: Blob,
  key: Uint8Array,
  options: ArchiveReadOptions = {},
): Promise<ArchiveReport> => {
  const hash = startHash(blob, options.primitives);
  const survey = new ArchiveSurvey();
  let isLegacy = false;
  for await (const batch of openArchive(blob, key, options, hash)) {
    for (const bytes of batch.records) survey.add(bytes);
    isLegacy = batch.isLegacy;
  }
  if (survey.metadata === undefined) throw missingMetadata();
  const sha256 = toHex(await hash.digest());
  if (options.expectedSha256 !== undefined && options.expectedSha256 !== sha256) {
    throw new ArchiveError("ARCHIVE_HASH_MISMATCH", "the archive is sound, but not the expected one: its hash differs");
  }
  return { version: ARCHIVE_VERSION, isLegacy, sizeBytes: blob.size, sha256, ...surveyReport(survey) };
};
