/** What is needed of it, in the types of Node and of a page alike. */
type Port = { onmessage: (() => void) | null; close(): void };

const itemsAtOnce = 1_000;

/** A long list part by part; between two of them everything else has its turn. */
export async function* inTurns<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < items.length; at += itemsAtOnce) {
    yield items.slice(at, at + itemsAtOnce);
    await breathe();
  }
}

/** Lets everything else that waits for this thread have its turn: frames, input, timers, other calls. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const heard = port1 as unknown as Port;
    heard.onmessage = () => {
      heard.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
