/** Lets everything else that waits for this thread have its turn: frames, input, timers, other calls. */
export function breathe(): Promise<void> {
  // Timers of a page wait at least four milliseconds each.
  if (typeof MessageChannel === "undefined") return new Promise((resolve) => setTimeout(resolve, 0));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
