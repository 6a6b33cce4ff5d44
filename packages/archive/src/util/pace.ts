/** How long work may hold the event loop, in milliseconds. */
const SLICE_MS = 8;

/** A turn of the event loop: timers, input and rendering come in between, which a promise alone would not let happen. */
const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
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

/** @throws the signal's reason when it is aborted. */
export const throwIfAborted = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted) throw signal.reason;
};

/** Lets long work give way: call {@link Pace.rest} at bounded intervals. */
export class Pace {
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    throwIfAborted(signal);
  }

  /** @throws the signal's reason when it is aborted. */
  throwIfAborted(): void {
    throwIfAborted(this.#signal);
  }

  /**
   * Gives the event loop a turn if it has not had one for a while.
   *
   * @throws the signal's reason when it is aborted.
   */
  async rest(): Promise<void> {
    if (performance.now() - this.#since >= SLICE_MS) {
      await nextTurn();
      this.#since = performance.now();
    }
    this.throwIfAborted();
  }
}
