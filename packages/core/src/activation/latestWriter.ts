export type LatestWriter<T> = {
  /** Keeps a value; of those that come while one is being written only the last is written. */
  write(value: T): void;
  /** Resolves once the last value is kept, and rejects when that failed. */
  flush(): Promise<void>;
};

/**
 * Writes the newest value, one write at a time: what was overtaken meanwhile is not written at all.
 *
 * @param ended - hears what failed after each row of writes, which is nothing where its last value is kept
 */
export function latestWriter<T>(write: (value: T) => Promise<void>, ended: (failures: readonly unknown[]) => void): LatestWriter<T> {
  let waiting: { value: T } | undefined;
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    let failures: unknown[] = [];
    while (waiting) {
      const { value } = waiting;
      waiting = undefined;
      failures = [];
      await write(value).catch((error: unknown) => failures.push(error));
    }
    writing = undefined;
    ended(failures);
    if (failures.length > 0) throw failures[0];
  }

  return {
    write(value) {
      waiting = { value };
      if (writing) return;
      writing = writeAll();
      writing.catch(() => undefined);
    },
    async flush() {
      await writing;
    },
  };
}
