import type { InterruptedTask } from "../model/interruption.ts";
import type { Dependencies } from "./dependencies.ts";
import { openStore } from "./openStore.ts";
import { readTaskNote, removeTaskNote } from "./taskNote.ts";
import { lockName } from "./taskLock.ts";

/** How old an upload without a manifest must be before it counts as given up, in milliseconds: another device may be at it. */
export const givenUpAfterMs = 24 * 60 * 60 * 1000;

/**
 * Cleans up what earlier processes left: their temporary files and their unfinished uploads.
 *
 * Returns the task that was interrupted, if any; does nothing while another process is at work.
 */
export async function recover({ host, store, journal, lock, clock }: Dependencies): Promise<InterruptedTask | undefined> {
  const { inboxId } = await host.identity();
  const unlock = await lock.tryAcquire(lockName(inboxId));
  if (!unlock) return undefined;
  try {
    const interrupted = await readTaskNote(journal);
    await host.sweep();
    await openStore(store);
    for (const { id, modifiedAtMs } of await store.unfinished()) {
      const isOurs = interrupted?.kind === "backup" && interrupted.archiveId === id;
      if (isOurs || clock.now() - modifiedAtMs > givenUpAfterMs) await store.remove(id);
    }
    await removeTaskNote(journal);
    return interrupted;
  } finally {
    await unlock();
  }
}
