/** Switches that make a fake's methods fail or wait, by their name. */
export type Failures = {
  /** The next `times` calls of a method reject with `error`. @default once */
  failNext(method: string, error: unknown, times?: number): void;
  /** The next call of a method waits until the returned function is called, or its signal aborts. */
  holdNext(method: string): () => void;
  /** What a fake's method runs first. */
  pass(method: string, signal?: AbortSignal): Promise<void>;
};

export function createFailures(): Failures {
  const errors = new Map<string, unknown[]>();
  const holds = new Map<string, Promise<void>[]>();
  return {
    failNext(method, error, times = 1) {
      errors.set(method, [...(errors.get(method) ?? []), ...Array.from({ length: times }, () => error)]);
    },
    holdNext(method) {
      let release = () => {};
      const hold = new Promise<void>((resolve) => {
        release = resolve;
      });
      holds.set(method, [...(holds.get(method) ?? []), hold]);
      return release;
    },
    async pass(method, signal) {
      signal?.throwIfAborted();
      const hold = holds.get(method)?.shift();
      if (hold) await Promise.race([hold, aborted(signal)]);
      const queue = errors.get(method);
      if (queue && queue.length > 0) throw queue.shift();
    },
  };
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason), { once: true }));
}
