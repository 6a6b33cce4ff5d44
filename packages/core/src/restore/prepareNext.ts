export type Prepared<T> = {
  /** The next value, made now unless it was prepared; undefined after the last. */
  next(): Promise<T | undefined>;
  /** Begins to make the next value; its failure waits for `next`. */
  prepare(): void;
  /** Ends the source, whether it was read to its end or not. Gives a value that was prepared and that nobody took. */
  end(): Promise<T | undefined>;
};

/** Reads a source value by value, each of which can be prepared while the one before it is still in use. */
export function prepareNext<T>(values: AsyncIterable<T>): Prepared<T> {
  const iterator = values[Symbol.asyncIterator]();
  let ready: Promise<T | undefined> | undefined;

  async function make(): Promise<T | undefined> {
    const result = await iterator.next();
    return result.done === true ? undefined : result.value;
  }

  return {
    next() {
      const value = ready ?? make();
      ready = undefined;
      return value;
    },
    prepare() {
      ready ??= make();
      ready.catch(() => undefined);
    },
    async end() {
      const left = ready;
      ready = undefined;
      await iterator.return?.();
      return left?.catch(() => undefined);
    },
  };
}
