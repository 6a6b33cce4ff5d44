import { openAsBlob } from "node:fs";
import { access, constants, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type ArchiveId, BackupError, classifyFile, filesOfKind } from "@xmtp-backup/core";
import { isMissing } from "../files/systemCode.ts";
import { fetchOrRefuse, type PlaceholderOptions } from "./fetchPlaceholder.ts";
import { readFirstByte } from "./readFirstByte.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** How long an archive may take to come that was asked for: it is much larger than a manifest. */
const archiveWaitMs = 10 * minuteMs;

/** How long after its manifest an archive may come: where nothing shows another program that syncs the folder, and where something does. */
const comesWithinMs = { unsynced: dayMs, synced: 30 * dayMs };

/**
 * Opens an archive of a folder so that its bytes can be read: what is in the cloud is fetched first.
 *
 * @throws ARCHIVE_NOT_FOUND when it is not listed, or was lost: it has not come long after its manifest
 * @throws STORE_FAILED when it is no ordinary file
 * @throws STORE_UNAVAILABLE when it is in the cloud and does not come, or is on its way
 */
export async function openArchive(
  directory: string,
  id: ArchiveId,
  { waitMs = archiveWaitMs, ...options }: PlaceholderOptions = {},
): Promise<Blob> {
  const path = join(directory, `${id}.xmtp`);
  try {
    await access(path, constants.R_OK);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await fetchMissing(directory, id, error, { waitMs, ...options });
  }
  if (!(await stat(path)).isFile())
    throw new BackupError("STORE_FAILED", "The archive is no ordinary file.", { details: "A folder, a pipe or a device has its name." });
  await readFirstByte(path, { waitMs, signal: options.signal });
  return openAsBlob(path);
}

/** Gets an archive that is not here, or says why not: it is in the cloud, on its way, or nowhere. */
async function fetchMissing(directory: string, id: ArchiveId, cause: unknown, options: PlaceholderOptions): Promise<void> {
  const names = await readdir(directory);
  const { placeholder: [placeholder] = [], arriving } = filesOfKind(names, "archive").get(id) ?? {};
  if (placeholder) return fetchOrRefuse(directory, placeholder, "The archive is not downloaded yet.", options);
  if (arriving)
    throw new BackupError("STORE_UNAVAILABLE", "The archive is still being downloaded by the program that syncs the folder.", { cause });
  const manifests = Object.values(filesOfKind(names, "manifest").get(id) ?? {}).flat();
  if (manifests.length === 0) throw new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.", { cause });
  if ((await ageMs(directory, manifests)) > comesWithinMs[names.some(tellsOfSync) ? "synced" : "unsynced"]) {
    throw new BackupError("ARCHIVE_NOT_FOUND", "The archive is gone, only its manifest is left.", {
      cause,
      details: "Its file was deleted or moved. Put it back into the folder, or remove the archive and choose another one.",
    });
  }
  throw new BackupError("STORE_UNAVAILABLE", "The archive is not here, only its manifest is.", {
    cause,
    details:
      "Where another program syncs the folder, wait until it has brought the archive; where it does not come, the archive was deleted: choose another one.",
  });
}

/** For how long the newest of some files has been here; a date that a sync program sets on it does not count. */
async function ageMs(directory: string, names: readonly string[]): Promise<number> {
  const cameAtMs = await Promise.all(
    names.map(async (name) => (await stat(join(directory, name)).catch(() => ({ ctimeMs: Infinity }))).ctimeMs),
  );
  return Date.now() - Math.max(...cameAtMs);
}

function tellsOfSync(name: string): boolean {
  return ["placeholder", "arriving", "copy"].includes(classifyFile(name)?.form ?? "whole");
}
