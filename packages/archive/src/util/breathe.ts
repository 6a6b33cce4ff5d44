/** Lets everything else that waits for this thread have its turn: frames, input, timers, other calls. A promise alone does not. */
export const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    // Timers of a page wait at least four milliseconds each, so that they are the second choice.
    if (typeof MessageChannel === "undefined") {
      setTimeout(resolve, 0);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    (port1 as unknown as { onmessage: () => void }).onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
