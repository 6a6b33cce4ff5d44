export type LatestWriter<T> = {
  /** Keeps a value; of those that come while one is being written only the last is written. */
  write(value: T): void;
  /** Resolves once the last value is kept, and rejects when that failed. */
  flush(): Promise<void>;
};

/** Writes the newest value, one write at a time: what was overtaken meanwhile is not written at all. */
export function latestWriter<T>(write: (value: T) => Promise<void>): LatestWriter<T> {
  let waiting: { value: T } | undefined;
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    let failure: unknown;
    while (waiting) {
      const { value } = waiting;
      waiting = undefined;
      failure = undefined;
      await write(value).catch((error: unknown) => {
        failure = error;
      });
    }
    writing = undefined;
    if (failure !== undefined) throw failure as Error;
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
