import { isBackupError } from "../errors/backupError.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import type { InterruptedTask } from "./interruptedTask.ts";
import type { ArchiveStore, UnfinishedArchive } from "../ports/archiveStore.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { openStore } from "../ports/openStore.ts";
import { readTaskNote, removeTaskNote } from "./taskNote.ts";
import { lockName } from "./taskLock.ts";

/**
 * How old an upload must be before it counts as given up, in milliseconds by the store's clock. Another device may be at work on it: one whose lid
 * was closed goes on when it is opened, days later. Uploads that this device noted as its own are cleaned up at once.
 */
export const givenUpAfterMs = 7 * 24 * 60 * 60 * 1000;
/** No upload is older than 20 years: a place whose clock was not set when it was written wrote it in 1970, and another device may be at work. */
const implausibleAgeMs = 20 * 365 * 24 * 60 * 60 * 1000;

/**
 * Cleans up what earlier processes left: their temporary files and their unfinished uploads. Reports what their imports brought.
 *
 * Returns the task that was interrupted, if any; does nothing while another process is at work.
 *
 * @param tellUntold - tells what an interrupted import brought
 * @param sweepKept - removes what a backup kept that nobody goes on with
 */
export async function recover(
  { host, store, journal, lock }: Dependencies,
  tellUntold: () => Promise<void>,
  sweepKept: () => Promise<void>,
): Promise<InterruptedTask | undefined> {
  const { inboxId } = await host.identity();
  const unlock = await lock.tryAcquire(lockName(inboxId));
  if (!unlock) return undefined;
  try {
    const interrupted = await readTaskNote(journal);
    // No start waits for a client that may hang.
    void tellUntold().catch(() => undefined);
    await host.sweep();
    await sweepKept();
    await openStore(store);
    const isOurs = ({ id }: UnfinishedArchive) => interrupted?.kind === "backup" && interrupted.archiveId === id;
    await removeGivenUp(store, (upload) => isOurs(upload) || isGivenUp(upload));
    await removeTaskNote(journal);
    return interrupted;
  } finally {
    await unlock();
  }
}

function isGivenUp({ ageMs }: UnfinishedArchive): boolean {
  return ageMs !== undefined && ageMs > givenUpAfterMs && ageMs < implausibleAgeMs;
}

/** Removes uploads; each is looked at again just before, since another device may have listed it or gone on with it meanwhile. */
async function removeGivenUp(store: ArchiveStore, isWanted: (upload: UnfinishedArchive) => boolean): Promise<void> {
  for (const upload of (await store.unfinished()).filter(isWanted)) {
    const now = (await store.unfinished()).filter(({ id }) => id === upload.id);
    const isYounger = ({ ageMs }: UnfinishedArchive) => ageMs !== undefined && upload.ageMs !== undefined && ageMs < upload.ageMs;
    if (now.length > 0 && now.every((each) => isWanted(each) && !isYounger(each))) await removeIfAllowed(store, upload.id);
  }
}

/** A place from which nothing may be removed, such as a bucket that is written once, keeps what was left there: that costs room, and no start. */
async function removeIfAllowed(store: ArchiveStore, id: ArchiveId): Promise<void> {
  try {
    await store.remove(id);
  } catch (error) {
    if (!isBackupError(error) || error.code !== "STORE_DENIED") throw error;
  }
}
