import type { CallOptions } from "./callOptions.ts";
import { untilAborted } from "./untilAborted.ts";

/** Runs work when its turn has come, and settles as the work does. */
export type Turns<TKey> = <T>(key: TKey, run: () => Promise<T>, options?: CallOptions) => Promise<T>;

/**
 * Lets work on the same thing take turns in this process: one begins when the one before has ended, whether that worked or not.
 * Work on different things runs side by side.
 *
 * Work whose signal aborts while it waits rejects at once with the reason and never begins; the others keep their order. Work that has begun
 * is waited for to its end: it has the signal too, and ends early itself.
 *
 * @example
 * ```ts
 * import { type CallOptions, createTurns } from "@xmtp-backup/core";
 *
 * const turns = createTurns<string>();
 *
 * function change(file: string, write: () => Promise<void>, options: CallOptions): Promise<void> {
 *   return turns(file, write, options);
 * }
 * ```
 */
export function createTurns<TKey>(): Turns<TKey> {
  /** For each key, what ends with the last work in the row. */
  const rows = new Map<TKey, Promise<void>>();
  return async (key, run, { signal } = {}) => {
    const before = rows.get(key) ?? Promise.resolve();
    let end = () => {};
    const row = new Promise<void>((resolve) => (end = resolve));
    rows.set(key, row);
    try {
      await untilAborted(before, { signal });
      signal?.throwIfAborted();
      return await run();
    } finally {
      // Work that gave up while it waited still lets the one before end first.
      void before.then(() => {
        if (rows.get(key) === row) rows.delete(key);
        end();
      });
    }
  };
}
