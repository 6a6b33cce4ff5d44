import { ArchiveError } from "@xmtp-backup/archive";
import { BackupError, isBackupError } from "../errors/backupError.ts";
import { determinate } from "../tasks/progress.ts";
import type { Clock } from "../ports/clock.ts";
import type { Host } from "../ports/host.ts";
import type { Journal } from "../ports/journal.ts";
import { generateArchiveKey } from "../archives/archiveKey.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import type { StageTools } from "../tasks/stageTools.ts";
import { failureEvent } from "../logging/failureEvent.ts";
import { firstInRow } from "../logging/firstInRow.ts";
import { type ChunkCut, chunking, readDoneChunks, removeImportNote, writeImportNote } from "./importNote.ts";
import type { InspectedArchive } from "../archives/inspectArchive.ts";
import { isChunkImported } from "./isChunkImported.ts";
import { prepareNext } from "./prepareNext.ts";
import type { RestoreOptions } from "./restoreOptions.ts";
import { type SpooledChunk, spoolChunks } from "./spoolChunks.ts";
import { toBackupArchiveError } from "../archives/toBackupArchiveError.ts";

/** How long one chunk may take, in milliseconds. A chunk of 1,000 messages takes about 0.1 s. */
const chunkPatienceMs = 120_000;

/** What is done around the chunks. */
export type ImportSteps = {
  /** Before the first chunk is imported, while it is made. */
  prepare(): Promise<void>;
  /** After each chunk, while the next one is imported. It ends before the chunk after that begins. */
  imported(chunk: SpooledChunk): Promise<void>;
};

/**
 * Imports a verified archive as a row of small ones, each import-safe and under a key that is forgotten afterwards.
 *
 * That makes the progress true and gives a place to cancel and, after a kill, to go on from. While the SDK imports one chunk the next
 * is made, and what follows the one before is done: so the SDK is never idle. Where an earlier process got to is a note; the client is
 * asked whether it holds the last chunk of it (docs/sdk-facts.md#power-loss-undoes-commits). An import that fails after such a note
 * begins once more at the first chunk.
 *
 * @throws IMPORT_FAILED when the SDK refuses a chunk
 * @throws IMPORT_STALLED when a chunk is not done within two minutes
 * @throws DEVICE_FULL when there is no room for a chunk's file
 */
export async function importChunks(
  dependencies: Dependencies,
  inspected: InspectedArchive,
  { unsent = "leaveOut" }: Pick<RestoreOptions, "unsent">,
  { prepare, imported }: ImportSteps,
  tools: StageTools,
): Promise<void> {
  const cut: ChunkCut = { ...chunking, unsent };
  const { host, journal } = dependencies;
  const { signal } = tools;
  const chunkKey = generateArchiveKey();
  const importFrom = (firstChunk: number, before: () => Promise<void>) =>
    importRow(firstChunk, dependencies, inspected, cut, chunkKey, { prepare: before, imported }, tools);
  try {
    const firstChunk = await firstMissingChunk(host, journal, inspected, cut, chunkKey, signal);
    let isPrepared = false;
    try {
      await importFrom(firstChunk, async () => {
        await prepare();
        isPrepared = true;
      });
    } catch (error) {
      signal.throwIfAborted();
      if (!isPrepared || firstChunk === 0 || !isRefusal(error)) throw error;
      await forget(journal);
      await importFrom(0, async () => undefined);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw ArchiveError.is(error) ? toBackupArchiveError(error) : error;
  } finally {
    chunkKey.fill(0);
  }
  await forget(journal);
}

/** The chunk to go on with: the one after those that are noted, if the client holds the last of them, else the first of all. */
async function firstMissingChunk(
  host: Host,
  journal: Journal,
  { preview: { sha256 }, chunks }: InspectedArchive,
  cut: ChunkCut,
  chunkKey: Uint8Array,
  signal: AbortSignal,
): Promise<number> {
  const doneChunks = await readDoneChunks(journal, sha256, cut, { signal }).catch(() => 0);
  signal.throwIfAborted();
  if (doneChunks === 0) return 0;
  for await (const { bytes, release } of chunks({ ...chunking, chunkKey, firstChunk: doneChunks - 1, signal })) {
    const isThere = await isChunkImported(host, new Blob([bytes]), chunkKey, { signal });
    release();
    return isThere ? doneChunks : 0;
  }
  return 0;
}

async function importRow(
  firstChunk: number,
  { host, journal, clock, log }: Dependencies,
  { preview: { sha256, counts }, chunks }: InspectedArchive,
  cut: ChunkCut,
  chunkKey: Uint8Array,
  { prepare: prepareImport, imported }: ImportSteps,
  { signal, report }: StageTools,
): Promise<void> {
  /** What follows the last chunk that is in. */
  let following: Promise<unknown> = Promise.resolve();
  /** Begins what of it can wait until the next import is under way, so that the SDK does not wait for it. */
  let follow: (isLast: boolean) => void = () => undefined;
  let releasing: Promise<void> | undefined;
  const written = firstInRow((error) => log("warn", failureEvent("note.failed", error)));
  const { next, prepare, end } = prepareNext(spoolChunks(host, chunks({ ...chunking, chunkKey, firstChunk, signal }), { signal }));

  // Without the note a restart imports more chunks twice, and nothing else.
  const note = (doneChunks: number) =>
    writeImportNote(journal, sha256, doneChunks, cut).then(
      () => written([]),
      (error: unknown) => written([error]),
    );

  try {
    prepare();
    await prepareImport();
    for (let chunk = await next(); chunk; chunk = await next()) {
      const { archive } = chunk;
      const importing = host.importArchive(archive.blob, chunkKey, { signal, onBegin: prepare });
      follow(false);
      await withPatience(clock, importing, signal).finally(() => {
        releasing = archive.release();
      });
      await following;
      const { index, doneMessages } = chunk;
      const held = imported(chunk);
      held.catch(() => undefined);
      follow = (isLast) => {
        follow = () => undefined;
        // The note goes once all is in.
        following = Promise.all([held, releasing, !isLast && note(index + 1)]);
        following.catch(() => undefined);
        report(determinate(doneMessages, counts.messages, "messages"));
      };
    }
    follow(true);
    await following;
  } finally {
    follow(false);
    const left = await end().catch(() => undefined);
    await left?.archive.release();
    await releasing;
    await following.catch(() => undefined);
  }
}

/** Whether the SDK refused what it was given, which it may do where it lacks what an earlier chunk brought. */
function isRefusal(error: unknown): boolean {
  return isBackupError(error) ? error.code === "IMPORT_FAILED" : !ArchiveError.is(error);
}

/** A note that stays is checked before it counts. */
async function forget(journal: Journal): Promise<void> {
  await removeImportNote(journal).catch(() => undefined);
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
