import { untilAborted } from "./untilAborted.ts";

export type InTurn = <T>(run: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/** Runs tasks one after the other, whatever becomes of each; one whose caller has enough before its turn does not begin. */
export function turns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return async <T>(run: () => Promise<T>, signal?: AbortSignal) => {
    const before = last;
    let end = () => {};
    last = new Promise<void>((resolve) => (end = resolve));
    try {
      await untilAborted(signal, before);
      return await run();
    } finally {
      // Who gave up while waiting lets the one before end first.
      void before.then(end);
    }
  };
}
