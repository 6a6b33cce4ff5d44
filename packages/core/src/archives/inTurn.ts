import type { ArchiveStore } from "../ports/archiveStore.ts";
import type { CallOptions } from "../ports/callOptions.ts";

const turns = new WeakMap<ArchiveStore, Promise<void>>();

/**
 * Runs what reads the manifests of a store and then changes them, one after the other.
 *
 * Else two changes at once could lose one of them, a name could list an archive again that is being removed, and pruning
 * could remove what the user has just pinned. This orders one process only; stores have no way to order several.
 */
export function inTurn<T>(store: ArchiveStore, { signal }: CallOptions, run: () => Promise<T>): Promise<T> {
  const before = turns.get(store) ?? Promise.resolve();
  const turn = untilAborted(before, signal).then(run);
  turns.set(store, Promise.allSettled([before, turn]).then(() => undefined));
  return turn;
}

/** Waits for a turn, but not longer than its caller does. */
function untilAborted(turn: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return turn;
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason);
    if (signal.aborted) return giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    void turn.then(() => {
      signal.removeEventListener("abort", giveUp);
      resolve();
    });
  });
}
