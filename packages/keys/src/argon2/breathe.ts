/** What is needed of it, for those who compile without the types of a page. */
type Channel = { port1: { onmessage: (() => void) | null; close(): void }; port2: { postMessage(message: unknown): void } };

/** Lets everything else that waits for this thread have its turn: frames, input, timers, other calls. */
export function breathe(): Promise<void> {
  const { MessageChannel } = globalThis as unknown as { MessageChannel?: new () => Channel };
  // Timers of a page wait at least four milliseconds each, so that they are the second choice.
  if (!MessageChannel) return new Promise((resolve) => setTimeout(resolve, 0));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
