import { ArchiveError } from "../errors.ts";
import type { ArchiveReport } from "../model/report.ts";
import { toHex } from "../protobuf/hex.ts";
import { startHash } from "../read/chunks.ts";
import { missingMetadata } from "../read/missing-metadata.ts";
import { ARCHIVE_VERSION, openArchive } from "../read/open-archive.ts";
import type { ArchiveReadOptions } from "../read/options.ts";
import type { ArchiveSurvey } from "./archive-survey.ts";
import { surveyReport } from "./report.ts";

/** Reads a whole archive once: hashed, every record authenticated, counted and placed. */
export const surveyArchive = async (
  blob: Blob,
  key: Uint8Array,
  options: ArchiveReadOptions,
  survey: ArchiveSurvey,
): Promise<ArchiveReport> => {
  const hash = startHash(blob, options.primitives);
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
