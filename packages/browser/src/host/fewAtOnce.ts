/** Runs something when there is room for it, and settles as it does. */
export type FewAtOnce = <R>(run: () => Promise<R>) => Promise<R>;

/** Lets so many run at a time; the others wait in a row. Work that never settles keeps its room. */
export function fewAtOnce(most: number): FewAtOnce {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (run) => {
    if (running === most) await new Promise<void>((begin) => waiting.push(begin));
    else running += 1;
    try {
      return await run();
    } finally {
      // The next one takes over the room, so that nobody comes in between.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
