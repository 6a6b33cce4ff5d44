/** Runs something when there is room for it, and settles as it does. An aborted signal ends the wait, and gives the room back. */
export type FewAtOnce = <R>(run: () => Promise<R>, signal?: AbortSignal) => Promise<R>;

/** Lets so many run at a time; the others wait in a row. Work that never settles keeps its room until its signal is aborted. */
export function fewAtOnce(most: number): FewAtOnce {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function enter(signal: AbortSignal | undefined): Promise<void> {
    if (running < most) {
      running += 1;
      return;
    }
    return new Promise<void>((begin, refuse) => {
      const leave = () => {
        waiting.splice(waiting.indexOf(take), 1);
        refuse(signal?.reason);
      };
      const take = () => {
        signal?.removeEventListener("abort", leave);
        begin();
      };
      waiting.push(take);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }

  return async (run, signal) => {
    signal?.throwIfAborted();
    await enter(signal);
    let hasRoom = true;
    const leave = () => {
      if (!hasRoom) return;
      hasRoom = false;
      // The next one takes over the room, so that nobody comes in between.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    };
    signal?.addEventListener("abort", leave, { once: true });
    try {
      signal?.throwIfAborted();
      return await run();
    } finally {
      signal?.removeEventListener("abort", leave);
      leave();
    }
  };
}
