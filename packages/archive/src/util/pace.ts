import { breathe } from "./breathe.ts";

/** How long work may hold the event loop, in milliseconds. */
const SLICE_MS = 8;

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
      await breathe();
      this.#since = performance.now();
    }
    this.throwIfAborted();
  }
}
