import { ArchiveError } from "@xmtp-backup/archive";
import { BackupError } from "../errors/backupError.ts";
import { determinate } from "../model/progress.ts";
import type { Clock } from "../ports/clock.ts";
import { generateArchiveKey } from "./archiveKey.ts";
import type { Dependencies, StageTools } from "./dependencies.ts";
import { readDoneChunks, removeImportNote, writeImportNote } from "./importNote.ts";
import type { InspectedArchive } from "./inspectArchive.ts";
import { prepareNext } from "./prepareNext.ts";
import { toBackupArchiveError } from "./toBackupArchiveError.ts";

/** How long one chunk may take, in milliseconds. A chunk of 1,000 messages takes about 0.1 s. */
const chunkPatienceMs = 120_000;

/**
 * Imports a verified archive as a row of small ones, each import-safe and under a key that is forgotten afterwards.
 *
 * That makes the progress true and gives a place to cancel and, after a kill, to go on from. The next chunk is made while
 * the SDK imports the one at hand.
 *
 * @throws IMPORT_FAILED when the SDK refuses a chunk
 * @throws IMPORT_STALLED when a chunk is not done within two minutes
 */
export async function importChunks(
  { host, journal, clock }: Dependencies,
  { preview: { sha256, counts }, chunks }: InspectedArchive,
  { signal, report }: StageTools,
): Promise<void> {
  const chunkKey = generateArchiveKey();
  let noted = Promise.resolve();
  const firstChunk = await readDoneChunks(journal, sha256, { signal });
  const { next, prepare, end } = prepareNext(chunks({ chunkKey, firstChunk, signal }));
  try {
    for (let chunk = await next(); chunk; chunk = await next()) {
      const { index, bytes, doneMessages } = chunk;
      const archive = new Blob([bytes]);
      chunk.release();
      await withPatience(clock, host.importArchive(archive, chunkKey, { signal, onBegin: prepare }), signal);
      await noted;
      noted = writeImportNote(journal, sha256, index + 1);
      signal.throwIfAborted();
      report(determinate(doneMessages, counts.messages, "messages"));
    }
  } catch (error) {
    signal.throwIfAborted();
    throw ArchiveError.is(error) ? toBackupArchiveError(error) : error;
  } finally {
    await end();
    chunkKey.fill(0);
    await noted;
  }
  await removeImportNote(journal);
}

/** Gives up on an import that can't be stopped: what it holds is lost to the process, but the app goes on. */
async function withPatience(clock: Clock, work: Promise<void>, signal: AbortSignal): Promise<void> {
  let timer: unknown;
  const stalled = new Promise<never>((_resolve, reject) => {
    timer = clock.setTimeout(
      () => reject(new BackupError("IMPORT_STALLED", `The SDK did not import a chunk within ${chunkPatienceMs / 1000} s.`)),
      chunkPatienceMs,
    );
  });
  try {
    await Promise.race([work, stalled]);
  } finally {
    clock.clearTimeout(timer);
  }
  signal.throwIfAborted();
}
