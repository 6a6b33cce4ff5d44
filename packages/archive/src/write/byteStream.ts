/** A stream of what a generator yields, made at the pace of its reader. */
export const byteStream = (chunks: AsyncGenerator<Uint8Array, void, void>): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>({
    async pull(controller) {
      // An empty chunk would not count as pulled.
      for (;;) {
        const { value, done } = await chunks.next();
        if (done) return controller.close();
        if (value.length > 0) return controller.enqueue(value);
      }
    },
    async cancel() {
      await chunks.return();
    },
  });
