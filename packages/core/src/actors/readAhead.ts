/** Asks for the next value while the one at hand is used; one is ready at most. */
export async function* readAhead<T>(values: AsyncIterable<T>): AsyncGenerator<T, void, void> {
  const iterator = values[Symbol.asyncIterator]();
  try {
    let next = iterator.next();
    for (let result = await next; result.done !== true; result = await next) {
      next = iterator.next();
      // Its failure is met when it is awaited, or by nobody when the reader has left.
      next.catch(() => undefined);
      yield result.value;
    }
  } finally {
    await iterator.return?.();
  }
}
