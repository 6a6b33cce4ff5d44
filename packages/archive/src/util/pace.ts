import { breathe } from "./breathe.ts";

/** How long work may hold the event loop, in milliseconds. */
const SLICE_MS = 8;

/** @throws the signal's reason when it is aborted. */
export const throwIfAborted = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted) throw signal.reason;
};

/** When some work last gave the event loop a turn: pieces of work that follow each other share one slice. */
let turnAtMs = Number.NEGATIVE_INFINITY;

/** Lets long work give way: call {@link Pace.rest} at bounded intervals. */
export class Pace {
  readonly #signal: AbortSignal | undefined;

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
    const spentMs = performance.now() - turnAtMs;
    // A clock that went back says nothing of the last turn.
    if (spentMs >= SLICE_MS || spentMs < 0) {
      await breathe();
      turnAtMs = performance.now();
    }
    this.throwIfAborted();
  }
}
