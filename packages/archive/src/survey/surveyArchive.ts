import { ArchiveError } from "../model/archiveError.ts";
import type { ArchiveReport } from "../model/archiveReport.ts";
import { toHex } from "../protobuf/hex.ts";
import { startHash } from "../read/readChunks.ts";
import { hashArchive } from "../read/hashArchive.ts";
import { missingMetadata } from "../read/missingMetadata.ts";
import { ARCHIVE_VERSION, checkKey, openArchive } from "../read/openArchive.ts";
import { Pace } from "../util/pace.ts";
import type { ArchiveReadOptions } from "../read/archiveReadOptions.ts";
import type { ArchiveSurvey } from "./archiveSurvey.ts";
import { surveyReport } from "./surveyReport.ts";

/**
 * Reads a whole archive: hashed, every record authenticated, counted and placed. One whose hash is known is hashed first, so that another
 * file in its place costs a reading and no decoding. Otherwise both are done in one go.
 */
export const surveyArchive = async (
  blob: Blob,
  key: Uint8Array,
  options: ArchiveReadOptions,
  survey: ArchiveSurvey,
): Promise<ArchiveReport> => {
  const { expectedSha256 } = options;
  checkKey(key);
  if (expectedSha256 !== undefined && (await hashArchive(blob, halfOf(options, 0))) !== expectedSha256) {
    throw new ArchiveError("ARCHIVE_HASH_MISMATCH", "the file is not the expected archive: its hash differs");
  }
  const hash = expectedSha256 === undefined ? startHash(blob, options.primitives) : undefined;
  let isLegacy = false;
  for await (const batch of openArchive(blob, key, hash === undefined ? halfOf(options, 1) : options, hash)) {
    for (const bytes of batch.records) survey.add(bytes);
    isLegacy = batch.isLegacy;
  }
  if (survey.metadata === undefined) throw missingMetadata();
  const sha256 = hash === undefined ? (expectedSha256 as string) : toHex(await hash.digest());
  await new Pace(options.signal).rest();
  return { version: ARCHIVE_VERSION, isLegacy, sizeBytes: blob.size, sha256, ...surveyReport(survey) };
};

/** Where the file is read twice, each time is half of the work. */
const halfOf = (options: ArchiveReadOptions, half: 0 | 1): ArchiveReadOptions => ({
  ...options,
  onProgress: ({ doneBytes, totalBytes }) =>
    options.onProgress?.({ doneBytes: Math.floor((half * totalBytes + doneBytes) / 2), totalBytes }),
});
