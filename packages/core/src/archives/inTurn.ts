import type { ArchiveStore } from "../ports/archiveStore.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { createTurns } from "../ports/createTurns.ts";

const turns = createTurns<ArchiveStore>();

/**
 * Runs what reads the manifests of a store and then changes them, one after the other.
 *
 * Else two changes at once could lose one of them. A name could list an archive again that is being removed, and pruning could remove
 * what the user has just pinned. This orders one process only; stores have no way to order several.
 */
export function inTurn<T>(store: ArchiveStore, options: CallOptions, run: () => Promise<T>): Promise<T> {
  return turns(store, run, options);
}
