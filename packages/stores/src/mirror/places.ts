import { type ArchiveStore, BackupError, type BackupErrorCode, type CallOptions, isBackupError } from "@xmtp-backup/core";

/** How a place stood when it was last used; `index` is its position in the list of places. */
export type PlaceHealth = {
  index: number;
  isUp: boolean;
  /** Why it is down. */
  code: BackupErrorCode | undefined;
  /** How many archives, removals and documents it lacks, as far as that is known. */
  behind: number;
  /** How many manifests and documents differ from another place's while nothing proves which is right; neither is changed. */
  differing: number;
};

/** What came of one call in each place: values by place, and why others failed. */
export type Outcomes<T> = { values: Map<number, T>; failures: Map<number, BackupError> };

export type Places = ReturnType<typeof createPlaces>;

/** The places of a mirror: asks all of them at once, and leaves one in peace for a while that could not be reached. */
export function createPlaces(stores: readonly ArchiveStore[], restMs: number, now: () => number) {
  const failedAt = new Map<number, { error: BackupError; atMs: number }>();

  const isResting = (index: number) => {
    const failed = failedAt.get(index);
    return failed?.error.code === "STORE_UNAVAILABLE" && now() - failed.atMs < restMs;
  };

  /**
   * Runs a call in the places that `among` names. A refusal that concerns what was asked for is thrown; so is the first failure where every
   * place failed.
   */
  async function each<T>(
    run: (store: ArchiveStore, index: number) => Promise<T>,
    { signal }: CallOptions,
    among = stores.map((_, index) => index),
  ): Promise<Outcomes<T>> {
    signal?.throwIfAborted();
    const outcomes: Outcomes<T> = { values: new Map(), failures: new Map() };
    const asked = among.filter((index) => !isResting(index));
    await Promise.all(
      (asked.length > 0 ? asked : among).map(async (index) => {
        const store = stores[index];
        if (!store) return;
        try {
          outcomes.values.set(index, await run(store, index));
          failedAt.delete(index);
        } catch (error) {
          if (!signal?.aborted) outcomes.failures.set(index, toFailure(error));
        }
      }),
    );
    signal?.throwIfAborted();
    for (const [index, error] of outcomes.failures) {
      if (!isOfPlace(error)) throw error;
      failedAt.set(index, { error, atMs: now() });
    }
    for (const index of among) {
      const failed = failedAt.get(index);
      if (failed && !outcomes.values.has(index)) outcomes.failures.set(index, failed.error);
    }
    const [first] = outcomes.failures.values();
    if (outcomes.values.size === 0 && first) throw first;
    return outcomes;
  }

  /**
   * Runs a call in the places that `among` names and that are not left in peace. A failure there is unheard, and says nothing about the
   * place.
   */
  async function quietly(
    run: (store: ArchiveStore, index: number) => Promise<void>,
    { signal }: CallOptions,
    among: readonly number[],
  ): Promise<void> {
    const asked = among.filter((index) => !isResting(index));
    await Promise.allSettled(asked.map(async (index) => stores[index] && run(stores[index], index)));
    signal?.throwIfAborted();
  }

  return {
    stores,
    each,
    quietly,
    /** Places in the order given, those that are left in peace at the end. */
    restingLast: (among: Iterable<number>) => [...among].sort((left, right) => Number(isResting(left)) - Number(isResting(right))),
    /** Why a place failed when it was last used. */
    codeOf: (index: number) => failedAt.get(index)?.error.code,
  };
}

/** Whether another place may do better: what was asked for is not to blame. */
function isOfPlace({ code }: BackupError): boolean {
  return code.startsWith("STORE_") && code !== "STORE_CONFLICT";
}

function toFailure(error: unknown): BackupError {
  return isBackupError(error) ? error : new BackupError("STORE_FAILED", "One of the places for archives failed.", { cause: error });
}
